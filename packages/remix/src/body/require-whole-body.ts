import type { Edge } from '../edge.ts'
import type { RequestState } from '../request/request-state.ts'
import type { Visit } from '../request/visit.ts'
import { BODY_STATUS, type BodyRefusal, bodyRefusalText, isTakenWhole } from './body-limit.ts'
import { receiveBody } from './receive-body.ts'

/**
 * Waits for the whole body of a request to a page of ours, before its session is looked up. Nothing is left to do where a
 * wrapper stands around the framework. The request can be read as before.
 *
 * @returns Why it was not taken, or `null`.
 */
export async function awaitWholeBody(
  { settings }: Edge,
  state: RequestState,
  request: Request,
): Promise<BodyRefusal | null> {
  if (state.isBodyWhole || !isTakenWhole(settings, state, request.method)) return null
  // Somebody reads it already: then the session is looked up by who waits for that, or by nobody.
  if (request.body === null || request.bodyUsed || request.body.locked) return null
  const received = await receiveBody(request.clone(), settings.body)
  if (typeof received === 'string') return received
  state.isBodyWhole = true
  return null
}

/** @throws {Response} 413, 408 or 400 where it does not come. */
export async function requireWholeBody({ edge, state, args }: Visit): Promise<void> {
  const refusal = await awaitWholeBody(edge, state, args.request)
  if (refusal !== null) throw refuseBody(state, refusal)
}

/** @param state `null` where nobody has looked at the request yet. */
export function refuseBody(state: RequestState | null, refusal: BodyRefusal): Response {
  return new Response(bodyRefusalText(refusal, state?.requestId ?? null), {
    status: BODY_STATUS[refusal],
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  })
}
