import type { UserId } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { ResolvedSession } from './resolve-session.ts'

/**
 * Holds a user until the commit, before anything else of theirs is touched: a reset, a sign-in or a change of factors
 * then comes wholly before this one or wholly after, and no two of them wait for each other.
 */
export async function lockUser(tx: Transaction, userId: UserId): Promise<void> {
  await tx.rows(sql`select from ${tx.tables.user.name} where id = ${userId} for no key update`)
}

/**
 * The same, for what a signed-in session does.
 *
 * @returns `false` when it has ended meanwhile: it was ended to keep somebody out, who is to do nothing more.
 */
export async function lockUserOf(tx: Transaction, { id, userId }: ResolvedSession): Promise<boolean> {
  await lockUser(tx, userId)
  const alive = await tx.rows(sql`
    select from ${tx.tables.userSession.name} where id = ${id} and user_id = ${userId} and awaiting is null`)
  return alive.length > 0
}
