import { type Caller, type Runtime, SudoRequired } from '@sigra/mikro-orm'
import { requireWholeBody } from './body/require-whole-body.ts'
import type { Edge } from './edge.ts'
import { isImpersonationRefused, refuseImpersonated } from './impersonation.ts'
import { askAnew, isOvertaken } from './overtaken.ts'
import { landingPath, seeOther, sudoPath } from './redirects.ts'
import { retryAfter } from './refusal.ts'
import { createCaller, rememberBrowser, withBrowser } from './request/flow-context.ts'
import type { RequestArgs } from './request/request-args.ts'
import { type Visit, visitOf } from './request/visit.ts'
import { orUnavailable } from './unavailable.ts'

/** One operation of the library, bound to what was typed. */
export type Flow<T> = (runtime: Runtime, caller: Caller) => Promise<T>

/** How the operations of a route reach the library. */
export interface FlowRunner {
  /** Runs a flow that changes nothing about who is signed in. */
  look<T>(args: RequestArgs, flow: Flow<T>): Promise<T>
  /** Runs a flow that may: the next guard of this request asks anew. */
  act<T>(args: RequestArgs, flow: Flow<T>): Promise<T>
  /**
   * Runs a flow that may, and answers what it came to with more than it knows: where to go on, and how.
   *
   * @param redirectTo Where somebody wants to go on whom the flow lets in. @default nowhere
   */
  answer<Result extends Outcome, Success>(
    args: RequestArgs,
    flow: Flow<Result>,
    succeed: (visit: Visit, result: Extract<Result, { ok: true }>) => Success | Promise<Success>,
    redirectTo?: unknown,
  ): Promise<Answered<Result, Success>>
}

interface Outcome {
  ok: boolean
}

/** What a route is told by a flow that ends in `Result`: its refusals as they are, and `Success` for its success. */
export type Answered<Result extends Outcome, Success> = Success | Exclude<Result, { ok: true }>

export function createFlowRunner(edge: Edge): FlowRunner {
  return {
    look: async (args, flow) => runFlow(visitOf(edge, args), flow, false),
    act: async (args, flow) => runFlow(visitOf(edge, args), flow, true),
    async answer(args, flow, succeed, redirectTo) {
      const visit = visitOf(edge, args)
      const landing = landingPath(edge.settings, redirectTo)
      const result = await runFlow(visit, (rt, caller) => flow(rt, { ...caller, landing }), true)
      return answered(result, (success) => succeed(visit, success))
    },
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
export async function runFlow<T>(visit: Visit, flow: Flow<T>, changes: boolean): Promise<T> {
  const { edge, state } = visit
  await requireWholeBody(visit)
  const caller = await createCaller(visit)
  const known = changes ? withBrowser(caller) : caller
  try {
    const result = await orUnavailable(visit, () => flow(edge.runtime, known))
    if (changes) rememberBrowser(known)
    state.retryAfter = retryAfter(result) ?? state.retryAfter // loaders run after the action that was refused
    return result
  } catch (error) {
    if (isOvertaken(error)) throw askAnew(visit)
    if (changes) rememberBrowser(known)
    if (isImpersonationRefused(error)) throw refuseImpersonated(state)
    throw error instanceof SudoRequired ? seeOther(state, sudoPath(edge.settings, null)) : error
  } finally {
    if (changes) state.renewSession() // the flow may have ended the very session that was asked before
  }
}

async function answered<Result extends Outcome, Success>(
  result: Result,
  succeed: (success: Extract<Result, { ok: true }>) => Success | Promise<Success>,
): Promise<Answered<Result, Success>>
async function answered(result: Outcome, succeed: (success: Outcome) => unknown): Promise<unknown> {
  return result.ok ? succeed(result) : result
}
