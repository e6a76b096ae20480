import type { Caller } from '../caller.ts'
import { sql, type Sql } from '../database/sql.ts'
import { renewSession } from '../door/renew-session.ts'
import { type Busy, type Invalid, type Limited, orBusy, type SessionEnded } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { chargeCredentialChange } from '../limits/charge-credential-change.ts'
import { type Guess, withGuess } from '../limits/guess.ts'
import { checkNewPassword } from '../passwords/check-new-password.ts'
import type { Runtime } from '../runtime.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import { hashPlaceOf } from '../sessions/hash-place.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { chargeSudo } from '../sudo/charge-sudo.ts'
import { compareOwnPassword, type ComparedPassword } from '../sudo/compare-own-password.ts'
import { type SensitiveAction } from '../sudo/sudo-session.ts'
import { putPassword } from './put-password.ts'

export type ChangePasswordResult =
  | { ok: true }
  | Invalid<'currentPassword' | 'password'>
  /** Another change came first, or there is no password to change (or one already). */
  | { ok: false; reason: 'changed' }
  | SessionEnded
  | Limited
  | Busy

/**
 * Changes the signed-in user's password. The current one is asked for unless sudo was just given by it. Other sessions
 * end; this one goes on under a new token.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const changeUserPassword = defineFlow(
  {
    name: 'changeUserPassword',
    principal: 'session',
    changes: true,
    sudo: 'change-password',
    impersonation: 'refused',
    channel: null,
  },
  async (
    runtime: Runtime,
    caller: SudoCaller,
    input: { currentPassword?: unknown; password: unknown },
  ): Promise<ChangePasswordResult> => {
    const { session } = caller
    return withGuess(runtime, (guess) => change(runtime, caller, session, guess, input))
  },
)

async function change(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  guess: Guess,
  input: { currentPassword?: unknown; password: unknown },
): Promise<ChangePasswordResult> {
  const isTypedAlready = session.sudoMethod === 'password'
  const refused =
    (await chargeCredentialChange(runtime, caller, session.userId)) ??
    (isTypedAlready ? null : await chargeSudo(runtime, caller, session, guess))
  if (refused) return refused
  const compared = await compareOwnPassword(runtime, session, isTypedAlready ? null : input.currentPassword)
  if ('reason' in compared) return compared
  if (compared.hashedPassword === null) return { ok: false, reason: 'changed' }
  if (!isTypedAlready && !compared.isRight) {
    guess.wasWrong()
    return { ok: false, reason: 'invalid', errors: { currentPassword: [{ reason: 'not-your-password' }] } }
  }
  const condition = sql`u.hashed_password = ${compared.hashedPassword}`
  return choose(runtime, caller, session, compared, {
    password: input.password,
    condition,
    action: 'change-password',
  })
}

/**
 * Gives the signed-in user a password where there is none: somebody who came by mail or passkey so far.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const setUserPassword = defineFlow(
  {
    name: 'setUserPassword',
    principal: 'session',
    changes: true,
    sudo: 'set-password',
    impersonation: 'refused',
    channel: null,
  },
  async (
    runtime: Runtime,
    caller: SudoCaller,
    input: { password: unknown },
  ): Promise<ChangePasswordResult> => {
    const { session } = caller
    const limited = await chargeCredentialChange(runtime, caller, session.userId)
    if (limited) return limited
    const compared = await compareOwnPassword(runtime, session, null)
    if ('reason' in compared) return compared
    if (compared.hashedPassword !== null) return { ok: false, reason: 'changed' }
    const condition = sql`u.hashed_password is null`
    return choose(runtime, caller, session, compared, {
      password: input.password,
      condition,
      action: 'set-password',
    })
  },
)

/** Nothing is stored for a session that was overtaken while the password was hashed: perhaps to keep somebody out. */
async function choose(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  { email }: ComparedPassword,
  choice: { password: unknown; condition: Sql; action: SensitiveAction },
): Promise<ChangePasswordResult> {
  const checked = await checkNewPassword(runtime, choice.password, email, { breachCheck: true })
  if (!checked.ok) return { ok: false, reason: 'invalid', errors: checked.errors }
  const hashedPassword = await orBusy(runtime.hasher.hash(checked.password, hashPlaceOf(session)))
  if (typeof hashedPassword !== 'string') return hashedPassword
  return inSessionTransaction<ChangePasswordResult, ChangePasswordResult>(
    runtime,
    session,
    async (tx, own, undo) => {
      const isPut = await putPassword(tx, caller, own, {
        hashedPassword,
        condition: choice.condition,
        action: choice.action === 'set-password' ? 'auth.password_set' : 'auth.password_changed',
        breachCheckUnavailable: checked.breachCheckUnavailable,
      })
      if (!isPut) return undo({ ok: false, reason: 'changed' })
      await renewSession(tx, caller, own)
      return { ok: true }
    },
  )
}
