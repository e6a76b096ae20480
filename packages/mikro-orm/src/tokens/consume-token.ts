import type { CanonicalEmail, MailedToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql, type Sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import type { UserId } from '../user-id.ts'
import { isUsable } from './usable-token.ts'

/** By which form a mailed token is used. A success is repeated to the same one alone. */
export type TokenForm = 'link' | 'code' | 'password' | 'new-password'

export interface ConsumedToken {
  /** Of the token's row. */
  id: string
  userId: UserId
  emailCanonical: CanonicalEmail
  /** Where its mail went: an address of theirs. */
  sentTo: CanonicalEmail
  /** The event a notice is about, where the token came in one. */
  eventId: string | null
  /** Where to go afterwards, as checked when it was asked for; check it again. */
  redirectTo: string | null
}

/**
 * Uses a mailed token up. Of any number of parallel calls at most one gets the row (race-tested). The link and the
 * code of one mail are one row, so this is also what uses a code up. Who used it, and how, is noted on the row: see
 * `repeatTokenUse`.
 *
 * @param only Further conditions on the token `t` and its owner `u`, decided in the same statement.
 * @returns Its owner, or `null` when the token is unknown, used, superseded, expired, or the user's address is no
 *   longer the one it was sent to.
 */
export async function consumeToken(
  tx: Transaction,
  caller: Caller,
  token: MailedToken,
  form: TokenForm,
  only: Sql = sql`true`,
): Promise<ConsumedToken | null> {
  await lockTokenOwner(tx, token)
  const [row] = await tx.rows<ConsumedToken>(sql`
    update ${tx.tables.userToken.name} t set used_at = ${tx.now}, used_form = ${form},
      used_browser_hash = ${browserHashOf(caller)}
    from ${tx.tables.user.name} u
    where ${isUsable(token, tx.now, tx.tables)} and ${only}
    returning t.id::text as id, u.id::text as "userId", u.email_canonical as "emailCanonical", t.event_id::text as "eventId",
      t.sent_to as "sentTo",
      t.redirect_to as "redirectTo"`)
  return row ?? null
}

/** Users before their tokens, here and where mails are admitted: two orders of locking would be a deadlock. */
async function lockTokenOwner(tx: Transaction, token: MailedToken): Promise<void> {
  await tx.rows(sql`
    select from ${tx.tables.userToken.name} t join ${tx.tables.user.name} u on u.id = t.user_id
    where t.selector = ${token.selector} for no key update of u`)
}
