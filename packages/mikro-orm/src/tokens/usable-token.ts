import type { MailedToken } from '@sigra/core'
import { sql, type Sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'

/**
 * Everything that makes a mailed token good, as conditions on the token row `t` and its owner `u`. Each statement
 * that finds, tries or uses one carries them itself: a check before the statement would be a race. A link to confirm
 * with is nothing once the address is confirmed, however that came about: it must not become a way to reset.
 */
export function isUsable(token: MailedToken, now: Sql): Sql {
  return sql`t.selector = ${token.selector} and t.token_hash = ${token.hash} and t.context = ${token.purpose}
    and t.used_at is null and t.superseded_at is null and t.expires_at > ${now}
    and u.id = t.user_id and u.email_canonical = t.sent_to
    and (t.context <> 'confirm' or u.confirmed_at is null)`
}

/** Whether a mail that holds this token is still worth sending. It decides nothing else. */
export async function isStillUsable(tx: Transaction, token: MailedToken): Promise<boolean> {
  const { userToken, user } = tx.tables
  const rows = await tx.rows(sql`
    select 1 from ${userToken.name} t, ${user.name} u where ${isUsable(token, tx.now)}`)
  return rows.length > 0
}
