import type { TokenPurpose } from '@sigra/core'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'

/**
 * Ends a user's mailed tokens: those of one purpose, or every way in when none is given, and with them the change of
 * address that waits: whoever asked for it may be who the account is just taken from. Links
 * "This wasn't me" outlive that: they let nobody in, and whoever holds an account could else end the link in the
 * notice of one change by making another.
 */
export async function supersedeTokens(
  tx: Transaction,
  userId: UserId,
  purpose?: TokenPurpose,
): Promise<void> {
  const isAll = purpose === undefined
  await tx.rows(sql`
    with cancelled as (
      update ${tx.tables.userEmailChange.name} c set cancelled_at = ${tx.now}
      where c.user_id = ${userId} and ${isAll} and c.confirmed_at is null and c.cancelled_at is null
    )
    update ${tx.tables.userToken.name} t set superseded_at = ${tx.now}
    where t.user_id = ${userId} and t.used_at is null and t.superseded_at is null
      and ${isAll ? sql`t.purpose <> 'not-me'` : sql`t.purpose = ${purpose}`}`)
}
