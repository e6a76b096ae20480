import type { FlowContext } from '../context.ts'
import type { ResolvedSession } from '../sessions/resolve-session.ts'
import { sudoSessionOf } from '../sudo/sudo-session.ts'

/** Nothing is attached to an address that was never proven. */
export interface Unconfirmed {
  ok: false
  reason: 'unconfirmed'
}

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
