import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Table } from '../read-table.ts'
import type { UserId } from '../user-id.ts'

/**
 * Removes the library's own rows of an account. Whatever lets somebody in goes by every strategy; what they accepted stays
 * where the row of the user stays as it is.
 */
export async function eraseRows(tx: Transaction, userId: UserId): Promise<void> {
  const { userSession, userToken, userKnownBrowser, userTotp, userBackupCode, userEmailChange } = tx.tables
  const { userAddressHold, userConsent } = tx.tables
  const always = [
    userSession,
    userToken,
    userKnownBrowser,
    userTotp,
    userBackupCode,
    userEmailChange,
    userAddressHold,
  ]
  const isKept = tx.runtime.policy.deletion.strategy === 'soft'
  for (const table of isKept ? always : [...always, userConsent]) await eraseFrom(tx, table, userId)
}

async function eraseFrom(tx: Transaction, table: Table, userId: UserId): Promise<void> {
  await tx.rows(sql`delete from ${table.name} where user_id = ${userId}`)
}
