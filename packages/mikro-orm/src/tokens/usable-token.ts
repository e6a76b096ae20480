import type { MailedToken } from '@sigra/core'
import { sql, type Sql } from '../database/sql.ts'
import { isGone } from '../deletion/gone.ts'
import { isPendingTo, isUnapproved } from '../email-change/pending-change.ts'
import { isOrWasAddress } from '../email-change/undoable-change.ts'
import type { Tables } from '../tables.ts'

type Changes = Pick<Tables, 'userEmailChange'>

/**
 * Everything that makes a mailed token good, as conditions on the token row `t` and its owner `u`. Each statement
 * that finds, tries or uses one carries them itself: a check before the statement would be a race. A link to confirm
 * with is nothing once the address is confirmed, however that came about: it must not become a way to reset. "This wasn't
 * me" alone is good for the former address, too, as long as the change of address can be undone; and the links of a change
 * are good while it waits for them. Nothing is, once the account is gone.
 */
export function isUsable(token: MailedToken, now: Sql, tables: Changes): Sql {
  return sql`t.selector = ${token.selector} and t.token_hash = ${token.hash} and t.purpose = ${token.purpose}
    and t.used_at is null and t.superseded_at is null and t.expires_at > ${now}
    and u.id = t.user_id and ${isSentToOwner(token, now, tables)}
    and (t.purpose <> 'confirm' or u.confirmed_at is null) and not ${isGone(now)}`
}

function isSentToOwner({ purpose }: MailedToken, now: Sql, tables: Changes): Sql {
  const sentTo = sql`t.sent_to`
  if (purpose === 'not-me') return isOrWasAddress(tables, sentTo, now)
  if (purpose === 'change-email') return isPendingTo(tables, sentTo, now)
  return purpose === 'approve-email' ? isUnapproved(tables, sentTo, now) : sql`u.email_canonical = t.sent_to`
}
