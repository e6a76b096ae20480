import type { Edge } from '../edge.ts'
import { enterRequest } from './enter-request.ts'
import type { RequestArgs } from './request-args.ts'
import type { RequestState } from './request-state.ts'

/**
 * One call from a loader, an action or a middleware: with what it came, and what is known of its request. It is made where
 * the app calls, and handed on as a whole. It holds the state and no session: an action may end the very session that was
 * asked for before.
 */
export interface Visit {
  readonly edge: Edge
  readonly state: RequestState
  readonly args: RequestArgs
}

/** @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when this app should not have been started. */
export function visitOf(edge: Edge, args: RequestArgs): Visit {
  return { edge, state: enterRequest(edge, args), args }
}
