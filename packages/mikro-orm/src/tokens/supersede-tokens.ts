import type { TokenPurpose } from '@sigra/core'
import type { UserId } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'

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
      and ${purpose === undefined ? sql`t.context <> 'not-me'` : sql`t.context = ${purpose}`}`)
}

/**
 * Lets only the token asked for last live, whichever mail is prepared first: ends those asked for earlier than this
 * one, and this one where a later one exists.
 */
export async function supersedeEarlierTokens(
  tx: Transaction,
  userId: UserId,
  purpose: TokenPurpose,
): Promise<void> {
  const table = tx.tables.userToken.name
  await tx.rows(sql`
    update ${table} t set superseded_at = ${tx.now}
    where t.user_id = ${userId} and t.context = ${purpose} and t.used_at is null and t.superseded_at is null
      and t.requested_at < (select max(l.requested_at) from ${table} l
        where l.user_id = ${userId} and l.context = ${purpose})`)
}
