import { forgetConsents } from '../consent/record-consents.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { forgetBrowsers } from '../sessions/known-browsers.ts'
import type { UserId } from '../user-id.ts'

/**
 * Ends what whoever registered an address has left, where its owner proves it from elsewhere: sessions, known browsers and
 * consents. The password goes in the statement that confirms.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function forgetUnproven(tx: Transaction, userId: UserId): Promise<void> {
  await tx.rows(sql`delete from ${tx.tables.userSession.name} where user_id = ${userId}`)
  await forgetBrowsers(tx, userId)
  await forgetConsents(tx, userId)
}
