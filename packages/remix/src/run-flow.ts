import { type FlowContext, type Runtime, SudoRequired } from '@sigra/mikro-orm'
import type { Edge } from './edge.ts'
import { seeOther, sudoPath } from './redirects.ts'
import { enterRequest } from './request/enter-request.ts'
import { createFlowContext, ensureBrowser } from './request/flow-context.ts'
import type { RequestArgs } from './request/request-args.ts'
import type { RequestState } from './request/request-state.ts'
import { orUnavailable } from './unavailable.ts'

/** One operation of the library, bound to what was typed. */
export type Flow<T> = (runtime: Runtime, ctx: FlowContext) => Promise<T>

/** How the operations of a route reach the library. */
export interface FlowRunner {
  /** Runs a flow that changes nothing about who is signed in. */
  look<T>(args: RequestArgs, flow: Flow<T>): Promise<T>
  /** Runs a flow that may: the next guard of this request asks anew. */
  act<T>(args: RequestArgs, flow: Flow<T>): Promise<T>
}

export function createFlowRunner(edge: Edge): FlowRunner {
  return {
    look: (args, flow) => runFlow(edge, enterRequest(edge, args), flow, false),
    act: (args, flow) => runFlow(edge, enterRequest(edge, args), flow, true),
  }
}

/**
 * Runs a flow for a request.
 *
 * @param changes Whether it may change who is signed in: the next guard of this request then asks anew.
 * @throws {Response} 503 while the database is away; 303 to sudo where a route forgot to ask for it.
 */
export async function runFlow<T>(
  edge: Edge,
  state: RequestState,
  flow: Flow<T>,
  changes: boolean,
): Promise<T> {
  const ctx = await createFlowContext(edge, state)
  try {
    return await orUnavailable(edge, state, () => flow(edge.runtime, changes ? ensureBrowser(ctx) : ctx))
  } catch (error) {
    throw error instanceof SudoRequired ? seeOther(state, sudoPath(edge.settings, null)) : error
  } finally {
    if (changes) state.renewSession() // the flow may have ended the very session that was asked before
  }
}
