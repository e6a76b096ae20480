import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { CanonicalEmail } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql, type Sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import { describeUncheckedPassword } from '../passwords/describe-unchecked-password.ts'
import type { ContinuedSession } from '../sessions/continue-session.ts'
import { endOtherSessions } from '../sessions/delete-sessions.ts'
import { forgetOtherBrowsers } from '../sessions/known-browsers.ts'
import { supersedeTokens } from '../tokens/supersede-tokens.ts'

export interface NewPassword {
  hashedPassword: string
  /** What must still be true of the user's row, so that no change overtakes another. */
  condition: Sql
  action: 'auth.password_changed' | 'auth.password_set'
  /** The breach query was down: the password went by the offline list alone. */
  breachCheckUnavailable: boolean
}

/**
 * Stores a password that the owner of a session chose, and ends what went before: other sessions, pending sign-ins, mailed
 * tokens, trusted browsers, what makes another browser a known one. The owner is told.
 *
 * @returns `false` when the account has changed meanwhile; nothing was written then.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function putPassword(
  tx: Transaction,
  caller: Caller,
  own: ContinuedSession,
  change: NewPassword,
): Promise<boolean> {
  const { userId } = own
  const { action } = change
  const [user] = await tx.rows<{ address: CanonicalEmail }>(sql`
    update ${tx.tables.user.name} u set hashed_password = ${change.hashedPassword}, password_changed_at = ${tx.now},
      must_change_password = false, failed_password_count = 0, password_locked_at = null, updated_at = ${tx.now}
    where u.id = ${userId} and ${change.condition}
    returning u.email_canonical as address`)
  if (!user) return false
  await supersedeTokens(tx, userId)
  const sessions = await endOtherSessions(tx, own)
  await forgetOtherBrowsers(tx, caller, userId)
  const about = { actorId: userId, subjectId: userId }
  const eventId = await recordAuditEvent(
    tx,
    caller,
    { ...about, action, outcome: 'success', metadata: { sessions } },
    describeUncheckedPassword(change, about),
  )
  const notice = action === 'auth.password_set' ? 'passwordSet' : 'passwordChanged'
  await enqueueNotice(tx, notice, { address: user.address, eventId })
  return true
}
