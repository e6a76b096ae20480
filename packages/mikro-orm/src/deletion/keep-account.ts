import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'
import { isGone } from './gone.ts'

/**
 * Ends a deletion that lies ahead, whoever asked for it. One that is due is the run's: nothing takes it back any more. The
 * user's row is locked.
 *
 * @returns Whether there was one.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function keepAccount(tx: Transaction, userId: UserId): Promise<boolean> {
  const kept = await tx.rows(sql`
    update ${tx.tables.user.name} u set delete_after = null, deletion_requested_at = null,
      deletion_requested_by = null, deletion_reminded_at = null, updated_at = ${tx.now}
    where u.id = ${userId} and u.delete_after is not null and not ${isGone(tx.now)}
    returning 1`)
  return kept.length > 0
}
