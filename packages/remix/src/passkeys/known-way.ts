import type { Edge } from '../edge.ts'
import { enterRequest } from '../request/enter-request.ts'
import type { RequestArgs } from '../request/request-args.ts'

const PASSKEY = 'passkey'
const SECONDS = 365 * 86_400

/**
 * Leaves in the browser that a passkey was used in it: not whose, and nothing anybody could sign in by. It stays when
 * somebody signs out, for a year, so that the log-in page offers first what works here.
 */
export function rememberPasskeyWay(edge: Edge, args: RequestArgs): void {
  enterRequest(edge, args).jar.set('way', PASSKEY, SECONDS)
}

/** Whether a passkey was used in this browser within the last year. */
export function hasPasskeyWay(edge: Edge, args: RequestArgs): boolean {
  return enterRequest(edge, args).cookies.values.way === PASSKEY
}
