import { type MailedToken, parseMailedToken } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql, type Sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { type Busy, type Limited, orBusy, type Confirmed, type ConfirmedDisabled } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { chargeMailedLink } from '../limits/charge-mailed-link.ts'
import { withGuess } from '../limits/guess.ts'
import type { Runtime } from '../runtime.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import { consumeToken } from '../tokens/consume-token.ts'
import { findToken } from '../tokens/find-token.ts'
import { recordTokenRefusal } from '../tokens/record-token-refusal.ts'
import { repeatTokenUseIn } from '../tokens/repeat-token-use.ts'
import { repeatWithPassword } from '../tokens/repeat-with-password.ts'
import { passwordTryRefund, reservePasswordTry } from '../tokens/reserve-password-try.ts'
import type { UserId } from '../user-id.ts'
import { completeConfirmation } from './complete-confirmation.ts'
import { confirmHere, repeatConfirmation } from './confirm-here.ts'

export type ConfirmResult =
  | Confirmed
  | ConfirmedDisabled
  | { ok: false; reason: 'invalid' | 'other-browser' | 'wrong-password' | 'no-tries-left' }
  | Limited
  | Busy

const signedNobodyIn: Confirmed = { ok: true, outcome: null, redirectTo: null }

/**
 * Confirms an address by its link, keeping the password chosen at registration. In the browser that registered the
 * link is enough, and signs in; anywhere else that password has to be typed, or whoever registered a stranger's address
 * would have chosen the stranger's password, and nobody is signed in.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const confirmUser = defineFlow(
  {
    name: 'confirmUser',
    principal: 'mail',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'auth.confirm',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { token: unknown; password?: unknown },
  ): Promise<ConfirmResult> => {
    const token = parseMailedToken(runtime.ring, 'confirm', input.token)
    if (!token) return { ok: false, reason: 'invalid' }
    const limited = await chargeMailedLink(runtime, caller)
    if (limited) return limited
    const found = await findToken(runtime, token, browserHashOf(caller))
    if (found?.sameBrowser) return confirmByLink(runtime, caller, token)
    if (!found && typeof input.password === 'string') return repeat(runtime, caller, token, input.password)
    if (!found) return confirmByLink(runtime, caller, token)
    if (typeof input.password !== 'string') return { ok: false, reason: 'other-browser' }
    return confirmWithPassword(runtime, caller, token, input.password, found.userId)
  },
)

/** In the browser that registered, which the statement asks again. */
async function confirmByLink(runtime: Runtime, caller: Caller, token: MailedToken): Promise<ConfirmResult> {
  const only = sql`u.registration_browser_hash = ${browserHashOf(caller)}`
  const result = await inTransaction(runtime, async (tx) => {
    const owner = await consumeToken(tx, caller, token, 'link', only)
    if (owner) return confirmHere(tx, caller, owner, 'link')
    const repeated = await repeatTokenUseIn(tx, caller, token, 'link')
    return repeated && repeatConfirmation(tx, caller, repeated)
  })
  return result ?? refuseToken(runtime, caller, token)
}

async function confirmWithPassword(
  runtime: Runtime,
  caller: Caller,
  token: MailedToken,
  password: string,
  userId: UserId,
): Promise<ConfirmResult> {
  return withGuess(runtime, async (guess) => {
    const reserved = await reservePasswordTry(runtime, token)
    if (!reserved) return { ok: false, reason: 'no-tries-left' }
    const counted = guess.take(passwordTryRefund(runtime, token))
    const verdict = await orBusy(runtime.hasher.verify(reserved.hashedPassword, password))
    if ('reason' in verdict) return verdict
    if (verdict.ok) {
      // Only if it is still the password that was just found right.
      const only = sql`u.hashed_password = ${reserved.hashedPassword}`
      const confirmed = await consumeByPassword(runtime, caller, token, only)
      counted.settle()
      return confirmed ?? repeat(runtime, caller, token, password)
    }
    guess.wasWrong()
    await recordWrongPassword(runtime, caller, userId, reserved.attempts)
    const isLast = reserved.attempts >= runtime.policy.confirmation.passwordTriesPerLink
    return { ok: false, reason: isLast ? 'no-tries-left' : 'wrong-password' }
  })
}

async function consumeByPassword(
  runtime: Runtime,
  caller: Caller,
  token: MailedToken,
  only: Sql,
): Promise<Confirmed | null> {
  return inTransaction(runtime, async (tx) => {
    const owner = await consumeToken(tx, caller, token, 'password', only)
    if (!owner) return null
    await completeConfirmation(tx, caller, owner, 'password')
    return signedNobodyIn
  })
}

/** One press can be two requests: the second is answered as the first was. */
async function repeat(
  runtime: Runtime,
  caller: Caller,
  token: MailedToken,
  password: string,
): Promise<ConfirmResult> {
  const repeated = await repeatWithPassword(runtime, caller, token, 'password', password)
  if (repeated === null) return refuseToken(runtime, caller, token)
  return repeated.ok ? signedNobodyIn : repeated
}

async function refuseToken(
  runtime: Runtime,
  caller: Caller,
  token: MailedToken,
): Promise<{ ok: false; reason: 'invalid' }> {
  await recordTokenRefusal(runtime, caller, 'auth.confirm', token)
  return { ok: false, reason: 'invalid' }
}

async function recordWrongPassword(
  runtime: Runtime,
  caller: Caller,
  subjectId: UserId,
  attempts: number,
): Promise<void> {
  await inTransaction(runtime, (tx) =>
    recordAuditEvent(tx, caller, {
      action: 'auth.confirm',
      outcome: 'failure',
      subjectId,
      metadata: { method: 'password', reason: 'wrong-password', attempts },
    }),
  )
}
