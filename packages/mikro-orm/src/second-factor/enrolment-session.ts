import type { ResolvedSession } from '../sessions/session.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'

/**
 * Whether an account has got two factors since a session was opened with one of them: by another tab, or by its owner
 * while a stranger waits to enrol. Whoever holds one factor must not attach their own beside both. A backup code with
 * the password is what replaces a lost one. Ask under the user's lock.
 *
 * @returns `true` for a sign-in that waits for its enrolment: it is over.
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for a signed-in session, which can prove the other one.
 */
export function isOvertaken({ aal, awaiting, sudoMethod }: ResolvedSession, isChallenged: boolean): boolean {
  if (!isChallenged || aal === 2 || sudoMethod === 'recovery') return false
  if (awaiting !== null) return true
  throw new SudoRequired('A further factor takes both of those that are there')
}
