import type { Visit } from '../request/visit.ts'

const PASSKEY = 'passkey'
const SECONDS = 365 * 86_400

/**
 * Leaves in the browser that a passkey was used in it: not whose, and nothing anybody could sign in by. It stays when
 * somebody signs out, for a year, so that the log-in page offers first what works here.
 */
export function rememberPasskeyWay({ state }: Visit): void {
  state.jar.set('way', PASSKEY, SECONDS)
}

/** Whether a passkey was used in this browser within the last year. */
export function hasPasskeyWay({ state }: Visit): boolean {
  return state.cookies.values.way === PASSKEY
}
