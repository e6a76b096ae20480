import { hashSessionToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { identifier, type Sql, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'

/**
 * Whether a row, under this alias, is the session this browser holds: by the token it sent and by nothing else. One that
 * has idled out, or whose user is disabled, is this browser's too: it signs nobody in now and would again when the account
 * is enabled. One that has gone on under another token is somebody else's by now, whatever its id. `null` in SQL where the
 * browser sent none.
 */
export function isOfBrowser({ sessionToken }: Pick<Caller, 'sessionToken'>, alias: string): Sql {
  const tokenHash = sessionToken === null ? null : hashSessionToken(sessionToken)
  return sql`(${identifier(alias)}.token_hash = ${tokenHash}::bytea)`
}

/**
 * Takes this browser's cookie away after the commit, where it is of a session of a user all of whose sessions are about to
 * end. Any other cookie stays: it may be of somebody else's session, or newer than the one that was sent.
 */
export async function clearSessionOf(tx: Transaction, caller: Caller, userId: UserId): Promise<void> {
  const held = await tx.rows(sql`
    select from ${tx.tables.userSession.name} s where s.user_id = ${userId} and ${isOfBrowser(caller, 's')}`)
  if (held.length > 0) tx.afterCommit(() => caller.effects.clearSession())
}
