import { confirmFromElsewhere } from '../confirm/confirm-from-elsewhere.ts'
import { confirmedAccount } from '../confirm/confirmed-account.ts'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import { type AuditEntry } from '../audit/record-audit-event.ts'
import { completeSignIn } from '../door/complete-sign-in.ts'
import { proveEmail } from '../door/proof.ts'
import type { MailSignInResult } from '../flow-result.ts'
import { runAfterConfirmed } from '../hooks.ts'
import { forgetFailedPasswords } from '../log-in/forget-failed-passwords.ts'
import type { ConsumedToken } from '../tokens/consume-token.ts'
import { nameSession } from '../tokens/name-session.ts'
import { supersedeTokens } from '../tokens/supersede-tokens.ts'

/**
 * Opens the door for who holds a mail whose token was just used up, and confirms the address by it. What a stranger
 * attached to the account before this first proof does not survive it, the password included, unless this is the
 * browser that registered.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function signInByMail(
  tx: Transaction,
  caller: Caller,
  owner: ConsumedToken,
): Promise<MailSignInResult> {
  const { userId, emailCanonical, redirectTo } = owner
  const confirmed = await confirmFromElsewhere(tx, caller, userId)
  await supersedeTokens(tx, userId, 'magic-link')
  if (confirmed.isNew) await supersedeTokens(tx, userId, 'confirm')
  if (confirmed.isNew) await runAfterConfirmed(tx, confirmedAccount(tx, caller, userId, emailCanonical))
  await forgetFailedPasswords(tx, caller, emailCanonical)
  const result = await completeSignIn(tx, { ...caller, landing: redirectTo }, proveEmail(userId), {
    method: 'magic-link',
    remembered: false,
    also: confirmed.isNew ? [describeConfirmation(owner)] : [],
  })
  if (result.outcome !== 'refused') {
    await nameSession(tx, owner, result.sessionId)
    const { isPasswordRemoved } = confirmed
    return { ok: true, outcome: result.outcome, userId, redirectTo, isPasswordRemoved }
  }
  return { ok: false, reason: result.reason === 'disabled' ? 'disabled' : 'invalid' }
}

function describeConfirmation({ userId }: ConsumedToken): AuditEntry {
  return {
    action: 'auth.confirm',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    metadata: { method: 'magic-link' },
  }
}
