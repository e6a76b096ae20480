import type { TokenPurpose } from '@sigra/core'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'

/**
 * Ends a user's mailed tokens: those of one purpose, or every way in and every pending change when none is given. Links
 * "This wasn't me" outlive that: they let nobody in, and whoever holds an account could else end the link in the
 * notice of one change by making another.
 */
export async function supersedeTokens(
  tx: Transaction,
  userId: UserId,
  purpose?: TokenPurpose,
): Promise<void> {
  await tx.rows(sql`
    update ${tx.tables.userToken.name} t set superseded_at = ${tx.now}
    where t.user_id = ${userId} and t.used_at is null and t.superseded_at is null
      and ${purpose === undefined ? sql`t.purpose <> 'not-me'` : sql`t.purpose = ${purpose}`}`)
}
