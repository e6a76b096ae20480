import { type FlowContext, type Runtime, SudoRequired } from '@sigra/mikro-orm'
import { requireWholeBody } from './body/require-whole-body.ts'
import type { Edge } from './edge.ts'
import { isImpersonationRefused, refuseImpersonated } from './impersonation.ts'
import { askAnew, isOvertaken } from './overtaken.ts'
import { seeOther, sudoPath } from './redirects.ts'
import { retryAfter } from './refusal.ts'
import { enterRequest } from './request/enter-request.ts'
import { createFlowContext, rememberBrowser, withBrowser } from './request/flow-context.ts'
import type { RequestArgs } from './request/request-args.ts'
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
    look: (args, flow) => runFlow(edge, args, flow, false),
    act: (args, flow) => runFlow(edge, args, flow, true),
  }
}

/**
 * Runs a flow for a request.
 *
 * @param changes Whether it may change who is signed in: the next guard of this request then asks anew.
 * @throws {Response} 503 while the database is away; 303 to sudo where a route forgot to ask for it; 403 for who
 *   acts as somebody else and may not do this; 303 to the same page
 *   (401 for a script), and no cookie, where the session went on without this request.
 */
export async function runFlow<T>(edge: Edge, args: RequestArgs, flow: Flow<T>, changes: boolean): Promise<T> {
  const state = enterRequest(edge, args)
  await requireWholeBody(edge, state, args.request)
  const ctx = await createFlowContext(edge, state)
  const known = changes ? withBrowser(ctx) : ctx
  try {
    const result = await orUnavailable(edge, state, () => flow(edge.runtime, known))
    if (changes) rememberBrowser(known)
    state.retryAfter = retryAfter(result) ?? state.retryAfter // loaders run after the action that was refused
    return result
  } catch (error) {
    if (isOvertaken(error)) throw askAnew(edge, state, args)
    if (changes) rememberBrowser(known)
    if (isImpersonationRefused(error)) throw refuseImpersonated(state)
    throw error instanceof SudoRequired ? seeOther(state, sudoPath(edge.settings, null)) : error
  } finally {
    if (changes) state.renewSession() // the flow may have ended the very session that was asked before
  }
}
