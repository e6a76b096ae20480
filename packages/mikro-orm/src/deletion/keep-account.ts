import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'

/**
 * Ends a deletion that lies ahead, whoever asked for it. The user's row is locked, and was found not to be gone under that
 * lock: who came in time is in time, also where it becomes due before this statement. One that is due is the run's, which
 * cannot have the row meanwhile.
 *
 * @returns Whether there was one.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function keepAccount(tx: Transaction, userId: UserId): Promise<boolean> {
  const kept = await tx.rows(sql`
    update ${tx.tables.user.name} u set delete_after = null, deletion_requested_at = null,
      deletion_requested_by = null, deletion_reminded_at = null, updated_at = ${tx.now}
    where u.id = ${userId} and u.delete_after is not null and u.deleted_at is null
    returning 1`)
  return kept.length > 0
}
