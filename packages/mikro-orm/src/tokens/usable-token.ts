import type { MailedToken } from '@sigra/core'
import { sql, type Sql } from '../database/sql.ts'
import { isOrWasAddress } from '../email-change/undoable-change.ts'
import type { Tables } from '../tables.ts'

/**
 * Everything that makes a mailed token good, as conditions on the token row `t` and its owner `u`. Each statement
 * that finds, tries or uses one carries them itself: a check before the statement would be a race. A link to confirm
 * with is nothing once the address is confirmed, however that came about: it must not become a way to reset. "This wasn't
 * me" alone is good for the former address, too, as long as the change of address can be undone.
 */
export function isUsable(token: MailedToken, now: Sql, tables: Pick<Tables, 'userEmailChange'>): Sql {
  const isSentToOwner =
    token.purpose === 'not-me'
      ? isOrWasAddress(tables, sql`t.sent_to`, now)
      : sql`u.email_canonical = t.sent_to`
  return sql`t.selector = ${token.selector} and t.token_hash = ${token.hash} and t.purpose = ${token.purpose}
    and t.used_at is null and t.superseded_at is null and t.expires_at > ${now}
    and u.id = t.user_id and ${isSentToOwner}
    and (t.purpose <> 'confirm' or u.confirmed_at is null)`
}
