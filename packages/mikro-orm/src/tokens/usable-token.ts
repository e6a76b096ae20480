import type { MailedToken } from '@sigra/core'
import { sql, type Sql } from '../database/sql.ts'

/**
 * Everything that makes a mailed token good, as conditions on the token row `t` and its owner `u`. Each statement
 * that finds, tries or uses one carries them itself: a check before the statement would be a race. A link to confirm
 * with is nothing once the address is confirmed, however that came about: it must not become a way to reset.
 */
export function isUsable(token: MailedToken, now: Sql): Sql {
  return sql`t.selector = ${token.selector} and t.token_hash = ${token.hash} and t.purpose = ${token.purpose}
    and t.used_at is null and t.superseded_at is null and t.expires_at > ${now}
    and u.id = t.user_id and u.email_canonical = t.sent_to
    and (t.purpose <> 'confirm' or u.confirmed_at is null)`
}
