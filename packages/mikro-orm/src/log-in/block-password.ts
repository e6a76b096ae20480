import type { CanonicalEmail } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import type { UserId } from '../user-id.ts'

/**
 * Tells the owner once that the password is refused from browsers the account does not know. The refusal itself is
 * the count; this only writes down since when.
 *
 * @param userId `null`: nobody's, and nothing happens.
 * @returns Whether this call was the one.
 */
export async function blockPassword(
  tx: Transaction,
  caller: Caller,
  userId: UserId | null,
): Promise<boolean> {
  const [blocked] = await tx.rows<{ address: CanonicalEmail; attempts: number }>(sql`
    update ${tx.tables.user.name} set password_locked_at = ${tx.now}
    where id = ${userId} and password_locked_at is null
      and failed_password_count >= ${tx.runtime.policy.failedPasswords.refuseAt}
    returning email_canonical as address, failed_password_count as attempts`)
  if (!blocked) return false
  const eventId = await recordAuditEvent(tx, caller, {
    action: 'security.lockout',
    outcome: 'denied',
    actorId: null,
    subjectId: userId,
    metadata: { method: 'password', browser: 'unknown', attempts: blocked.attempts },
  })
  await enqueueNotice(tx, 'signInBlocked', { address: blocked.address, eventId })
  return true
}
