import { type Charge } from '../limits/charge-limits.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { bucketRefund } from '../limits/charge-target.ts'
import type { ReservedAttempt } from './reserve-attempt.ts'
import { noFailedCodes } from '../tokens/failed-codes.ts'

/**
 * Settles the counters after the right password, and gives its token of the account's bucket back. From a known
 * browser all failures are forgotten; from an unknown one only this attempt is given back, or an attacker's count
 * would start anew with every sign-in of the owner's.
 */
export async function acceptPassword(
  tx: Transaction,
  attempt: ReservedAttempt,
  account: Charge,
): Promise<void> {
  const isKnown = attempt.browser === 'known'
  const { limit } = tx.tables
  // Skipping what another attempt is counting at this moment: it holds its count and waits for the user, whom this
  // transaction holds. Waiting for it would be a deadlock whenever someone sends the form twice.
  await tx.rows(sql`
    with forgotten as (delete from ${limit.name} where key in (
      select key from ${limit.name} where key = ${attempt.backOffKey} for update skip locked)),
    returned as (${bucketRefund(tx.runtime, account)})
    update ${tx.tables.user.name} set
      failed_password_count = case when ${isKnown} then 0 else greatest(failed_password_count - 1, 0) end,
      password_locked_at = case when ${isKnown} then null else password_locked_at end,
      ${noFailedCodes}
    where id = ${attempt.userId}`)
}
