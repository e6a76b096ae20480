import { forgetUnproven } from '../confirm/forget-unproven.ts'
import { confirmedAccount } from '../confirm/confirmed-account.ts'
import type { Caller } from '../caller.ts'
import { type Sql, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { type AuditEntry } from '../audit/record-audit-event.ts'
import { completeSignIn } from '../door/complete-sign-in.ts'
import { proveEmail } from '../door/proof.ts'
import type { MailSignInResult } from '../flow-result.ts'
import { runAfterConfirmed } from '../hooks.ts'
import { forgetFailedPasswords } from '../log-in/forget-failed-passwords.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import type { ConsumedToken } from '../tokens/consume-token.ts'
import { nameSession } from '../tokens/name-session.ts'
import { supersedeTokens } from '../tokens/supersede-tokens.ts'
import { noFailedCodes } from '../tokens/failed-codes.ts'

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
  const confirmed = await confirmByMail(tx, caller, owner)
  if (confirmed.isPasswordRemoved) await forgetUnproven(tx, userId)
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

async function confirmByMail(
  tx: Transaction,
  caller: Caller,
  { userId }: ConsumedToken,
): Promise<{ isNew: boolean; isPasswordRemoved: boolean }> {
  const browserHash = browserHashOf(caller)
  const isUnproven: Sql = sql`(u.confirmed_at is null and u.registration_browser_hash is distinct from ${browserHash})`
  const [row] = await tx.rows<{ isNew: boolean; isPasswordRemoved: boolean }>(sql`
    with before as (
      select u.id, u.confirmed_at is null as is_new, ${isUnproven} and u.hashed_password is not null as is_removed
      from ${tx.tables.user.name} u where u.id = ${userId}
    )
    update ${tx.tables.user.name} u set confirmed_at = coalesce(u.confirmed_at, ${tx.now}),
      hashed_password = case when ${isUnproven} then null else u.hashed_password end,
      failed_password_count = 0, password_locked_at = null, ${noFailedCodes}, updated_at = ${tx.now}
    from before where u.id = before.id
    returning before.is_new as "isNew", before.is_removed as "isPasswordRemoved"`)
  return row ?? { isNew: false, isPasswordRemoved: false }
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
