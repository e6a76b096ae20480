import type { FlowContext } from '../context.ts'
import { type ResolvedSession, stepOf } from '../sessions/session.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'

/**
 * The session of whoever goes on with a change that was asked for with sudo.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers, pending sign-ins and sessions that met a new document.
 */
export function signedInSessionOf({ session }: FlowContext): ResolvedSession {
  if (session !== null && stepOf(session) === null) return session
  throw new SudoRequired('A change of address is its owner’s: call requireUser in its route')
}
