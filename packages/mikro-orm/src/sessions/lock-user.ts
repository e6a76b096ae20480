import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'

/**
 * Holds a user until the commit, before anything else of theirs is touched: a reset, a sign-in or a change of factors
 * then comes wholly before this one or wholly after, and no two of them wait for each other. What a signed-in session does
 * begins by `continueSession`, which holds the user too.
 */
export async function lockUser(tx: Transaction, userId: UserId): Promise<void> {
  await tx.rows(sql`select from ${tx.tables.user.name} where id = ${userId} for no key update`)
}
