import type { Caller } from '../caller.ts'
import { type ResolvedSession, stepOf } from './session.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'

/**
 * The session of somebody signed in, for what needs no sudo.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers, pending sign-ins and sessions that met a new document.
 */
export function signedInSessionOf({ session }: Caller): ResolvedSession {
  if (session !== null && stepOf(session) === null) return session
  throw new SudoRequired('This is done by somebody signed in: call requireUser in its route')
}
