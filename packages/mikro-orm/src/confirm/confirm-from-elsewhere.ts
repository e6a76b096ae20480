import type { Caller } from '../caller.ts'
import { type Sql, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import { noFailedCodes } from '../tokens/failed-codes.ts'
import type { UserId } from '../user-id.ts'
import { forgetUnproven } from './forget-unproven.ts'

/** What a proof of the address has changed. */
export interface ConfirmedFromElsewhere {
  /** It is the first one. */
  isNew: boolean
  /** A stranger's: it came with a registration that nobody had proven. */
  isPasswordRemoved: boolean
}

/**
 * Confirms the address of whoever has just proven it by something else than the link of their registration. What a stranger
 * attached to the account before this first proof does not survive it, the password included, unless this is the browser that
 * registered.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function confirmFromElsewhere(
  tx: Transaction,
  caller: Caller,
  userId: UserId,
): Promise<ConfirmedFromElsewhere> {
  const browserHash = browserHashOf(caller)
  const isUnproven: Sql = sql`(u.confirmed_at is null and u.registration_browser_hash is distinct from ${browserHash})`
  const [row] = await tx.rows<ConfirmedFromElsewhere>(sql`
    with before as (
      select u.id, u.confirmed_at is null as is_new, ${isUnproven} and u.hashed_password is not null as is_removed
      from ${tx.tables.user.name} u where u.id = ${userId}
    )
    update ${tx.tables.user.name} u set confirmed_at = coalesce(u.confirmed_at, ${tx.now}),
      hashed_password = case when ${isUnproven} then null else u.hashed_password end,
      failed_password_count = 0, password_locked_at = null, ${noFailedCodes}, updated_at = ${tx.now}
    from before where u.id = before.id
    returning before.is_new as "isNew", before.is_removed as "isPasswordRemoved"`)
  const confirmed = row ?? { isNew: false, isPasswordRemoved: false }
  if (confirmed.isPasswordRemoved) await forgetUnproven(tx, userId)
  return confirmed
}
