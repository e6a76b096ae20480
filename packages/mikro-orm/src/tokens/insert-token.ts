import type { Bytes, CanonicalEmail, MailedToken } from '@sigra/core'
import { sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'

export interface NewToken {
  token: MailedToken
  userId: UserId
  sentTo: CanonicalEmail
  /** By the database clock; the life counts from here. */
  requestedAt: string
  lifeMinutes: number
  browserHash: Bytes | null
  /** Where to go after signing in. @default nowhere in particular */
  redirectTo?: string | null | undefined
  /** The event a notice is about. @default none */
  eventId?: string
}

/** Stores what is needed to recognise a token. `false` when its row exists already: a retried mail uses that one. */
export async function insertToken(tx: Transaction, row: NewToken): Promise<boolean> {
  const { token, requestedAt } = row
  const inserted = await tx.rows(sql`
    insert into ${tx.tables.userToken.name}
      (id, user_id, purpose, key_id, selector, token_hash, sent_to, browser_hash, redirect_to, event_id, requested_at, expires_at,
        created_at)
    values (${newId(tx, tx.tables.userToken)}, ${row.userId}, ${token.purpose}, ${token.keyId}, ${token.selector},
      ${token.hash}, ${row.sentTo}, ${row.browserHash}, ${row.redirectTo ?? null},
      ${row.eventId ?? null}, ${requestedAt},
      ${requestedAt}::timestamptz + ${row.lifeMinutes} * interval '1 minute', ${tx.now})
    on conflict (selector) do nothing
    returning 1`)
  return inserted.length > 0
}
