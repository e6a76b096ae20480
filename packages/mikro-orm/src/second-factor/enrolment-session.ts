import type { FlowContext } from '../context.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { SudoRequired, sudoSessionOf } from '../sudo/sudo-session.ts'
import type { Unconfirmed } from '../flow-result.ts'

/**
 * Who may attach a second factor: a sign-in that waits for just that, which was made a moment ago, or a session with a
 * fresh sudo.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for everybody else.
 */
export function enrolmentSessionOf(ctx: FlowContext): { ok: true; session: ResolvedSession } | Unconfirmed {
  const { session } = ctx
  const allowed = session?.awaiting === 'enrolment' ? session : sudoSessionOf(ctx, 'enrol-second-factor')
  return allowed.user.confirmedAt === null
    ? { ok: false, reason: 'unconfirmed' }
    : { ok: true, session: allowed }
}

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
