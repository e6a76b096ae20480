import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { resumeSignIn } from '../door/resume-sign-in.ts'
import {
  type Busy,
  type FieldError,
  type Invalid,
  type Limited,
  orBusy,
  type SignInSuccess,
} from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { chargeCredentialChange } from '../limits/charge-credential-change.ts'
import { checkNewPassword } from '../passwords/check-new-password.ts'
import type { Runtime } from '../runtime.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import { hashPlaceOf } from '../sessions/hash-place.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { compareOwnPassword } from '../sudo/compare-own-password.ts'
import { putPassword } from './put-password.ts'

export type ChangeRequiredPasswordResult =
  | SignInSuccess
  | Invalid<'password'>
  /** No sign-in waits here for another password, or the door turns it away by now. */
  | { ok: false; reason: 'ended' }
  | Limited
  | Busy

/**
 * Replaces the password of somebody whom the door sent here, and goes through the door again with what they had proven.
 * The new password must be another one.
 *
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const changeRequiredPassword = defineFlow(
  {
    name: 'changeRequiredPassword',
    principal: 'pending',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { password: unknown },
  ): Promise<ChangeRequiredPasswordResult> => {
    const { session } = caller
    if (session?.awaiting !== 'password-change') return { ok: false, reason: 'ended' }
    const limited = await chargeCredentialChange(runtime, caller, session.userId)
    if (limited) return limited
    const compared = await compareOwnPassword(runtime, session, input.password)
    if ('reason' in compared) return compared
    if (compared.isRight) return invalid([{ reason: 'same-password' }])
    const checked = await checkNewPassword(runtime, input.password, compared.email, { breachCheck: true })
    if (!checked.ok) return invalid(checked.errors.password)
    const hashedPassword = await orBusy(runtime.hasher.hash(checked.password, hashPlaceOf(session)))
    if (typeof hashedPassword !== 'string') return hashedPassword
    return signInAnew(runtime, caller, session, { hashedPassword, ...checked })
  },
)

async function signInAnew(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  { hashedPassword, breachCheckUnavailable }: { hashedPassword: string; breachCheckUnavailable: boolean },
): Promise<ChangeRequiredPasswordResult> {
  type Result = ChangeRequiredPasswordResult
  return inSessionTransaction<Result, Result>(runtime, session, async (tx, own, undo) => {
    const resumed = await resumeSignIn(tx, caller, own, null, {
      method: 'password-change',
      meanwhile: () =>
        putPassword(tx, caller, own, {
          hashedPassword,
          condition: sql`true`, // the pending sign-in was taken: nobody else changes this now
          action: 'auth.password_changed',
          breachCheckUnavailable,
        }),
    })
    return resumed.ok ? resumed : undo({ ok: false, reason: 'ended' })
  })
}

function invalid(password: FieldError[]): Invalid<'password'> {
  return { ok: false, reason: 'invalid', errors: { password } }
}
