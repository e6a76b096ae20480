import type { CanonicalEmail } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import type { ContinuedSession } from '../sessions/continue-session.ts'
import type { Tables } from '../tables.ts'
import type { UserId } from '../user-id.ts'

/** How long before a change whatever was added is suspect, however short the session is that asked for it. */
export const SUSPECT_HOURS = 72

/** A change `c` of somebody's address that was asked for, and can still be confirmed. */
export function isPending(now: Sql): Sql {
  return sql`c.confirmed_at is null and c.cancelled_at is null and c.expires_at > ${now}`
}

/** Whether somebody `u` has a change that waits for the proof of this new address. */
export function isPendingTo(
  { userEmailChange }: Pick<Tables, 'userEmailChange'>,
  address: Sql,
  now: Sql,
): Sql {
  return sql`exists (select from ${userEmailChange.name} c
    where c.user_id = u.id and c.new_email_canonical = ${address} and ${isPending(now)})`
}

/** Whether somebody `u` has one that waits for the former mailbox, which has this address. */
export function isUnapproved(
  { userEmailChange }: Pick<Tables, 'userEmailChange'>,
  address: Sql,
  now: Sql,
): Sql {
  return sql`(u.email_canonical = ${address} and exists (select from ${userEmailChange.name} c
    where c.user_id = u.id and c.old_email_canonical = ${address} and c.approved_at is null and ${isPending(now)}))`
}

/** A change as it was written down. */
export interface StoredChange {
  id: string
  former: CanonicalEmail
}

/**
 * Writes down that somebody asks for another address; what they asked for before is cancelled. The user's row is locked.
 *
 * @returns `null` for the address they have.
 */
export async function insertChange(
  tx: Transaction,
  { userId, authenticatedAt }: ContinuedSession,
  next: { typed: string; canonical: CanonicalEmail; distrustsOld: boolean },
): Promise<StoredChange | null> {
  const { user, userEmailChange } = tx.tables
  await cancelChange(tx, userId)
  const [change] = await tx.rows<StoredChange>(sql`
    insert into ${userEmailChange.name} as c (id, user_id, old_email, old_email_canonical, new_email,
      new_email_canonical, old_is_distrusted, suspect_since, requested_at, expires_at)
    select ${newId(tx, userEmailChange)}, u.id, u.email, u.email_canonical, ${next.typed}, ${next.canonical},
      ${next.distrustsOld}, ${suspectFrom(authenticatedAt, tx.now)}, t.now, t.now + ${linkLife(tx)}
    from ${user.name} u cross join (select ${tx.now} as now) t
    where u.id = ${userId} and u.email_canonical <> ${next.canonical}
    returning c.id::text as id, c.old_email_canonical as former`)
  return change ?? null
}

/** Ends what somebody asked for and has not confirmed, expired or not. @returns Its id; `null` where there was none. */
export async function cancelChange(tx: Transaction, userId: UserId): Promise<string | null> {
  const [row] = await tx.rows<{ id: string }>(sql`
    update ${tx.tables.userEmailChange.name} c set cancelled_at = ${tx.now}
    where c.user_id = ${userId} and c.confirmed_at is null and c.cancelled_at is null
    returning c.id::text as id`)
  return row?.id ?? null
}

/** Since when whatever is added by a session, or was before it, is suspect once somebody disputes the change. */
export function suspectFrom(authenticatedAt: Date, now: Sql): Sql {
  return sql`least(${authenticatedAt}::timestamptz, ${now} - ${SUSPECT_HOURS} * interval '1 hour')`
}

/** How long a change can be confirmed from now on. */
export function linkLife({ runtime }: Pick<Transaction, 'runtime'>): Sql {
  return sql`${runtime.policy.emailChange.linkHours * 60} * interval '1 minute'`
}
