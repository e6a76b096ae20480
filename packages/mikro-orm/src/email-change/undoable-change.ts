import { type Sql, sql } from '../database/sql.ts'
import { scheduledLine } from '../deletion/scheduled-line.ts'
import type { Runtime } from '../runtime.ts'
import type { Tables } from '../tables.ts'

/** A change `c` of somebody's address that took place, and can still be undone. */
export function isUndoable(now: Sql): Sql {
  return sql`c.confirmed_at is not null and c.undone_at is null and c.undo_until > ${now}`
}

/**
 * Since when whatever was added to the account of `u` is suspect, for a link that was sent to an address of theirs: the
 * earliest moment of the changes that it undoes, of the one whose notice holds it, whatever became of that, and of a deletion
 * that it ends or is about. `null` where there is none. Over the event `e` that the notice is about.
 */
export function suspectSince(runtime: Pick<Runtime, 'tables' | 'policy'>, sentTo: Sql, now: Sql): Sql {
  const { userEmailChange } = runtime.tables
  const ofDeletion = sql`(select min(${suspectIn(sql`d`)}) ${scheduledLine(runtime.tables)})`
  return sql`least(${ofDeletion}, ${sinceDisputed(runtime, now)}, (select min(c.suspect_since) from ${userEmailChange.name} c
    where c.user_id = u.id and (
      e.action in ('auth.email_change_requested', 'auth.email_changed') and c.id::text = e.target_id
      or u.email_canonical <> ${sentTo} and ${isUndoable(now)} and c.confirmed_at >= (
        select min(c.confirmed_at) from ${userEmailChange.name} c
        where c.user_id = u.id and c.old_email_canonical = ${sentTo} and ${isUndoable(now)}))))`
}

/**
 * Of a deletion that the notice is about, also where whoever asked for it has taken it back meanwhile. Its link may live for
 * much longer than others: what it reaches once nothing is to be ended, it reaches no longer than they do.
 */
function sinceDisputed({ policy }: Pick<Runtime, 'policy'>, now: Sql): Sql {
  return sql`case when e.action = 'account.deletion_scheduled'
    and e.occurred_at > ${now} - ${policy.notMe.linkDays} * interval '1 day' then ${suspectIn(sql`e`)} end`
}

function suspectIn(line: Sql): Sql {
  return sql`(${line}.metadata->>'suspectSince')::timestamptz`
}

/**
 * Whether an address is that of the user `u`, or was until a change that can still be undone. Notices are sent to both, and
 * their links are good in both mailboxes: whoever took the account over must not silence them by changing the address.
 */
export function isOrWasAddress(
  { userEmailChange }: Pick<Tables, 'userEmailChange'>,
  address: Sql,
  now: Sql,
): Sql {
  return sql`(u.email_canonical = ${address} or exists (select from ${userEmailChange.name} c
    where c.user_id = u.id and c.old_email_canonical = ${address} and ${isUndoable(now)}))`
}

/** An address that `u` had until a change that can still be undone, as they typed it. */
export function typedFormer(
  { userEmailChange }: Pick<Tables, 'userEmailChange'>,
  address: Sql,
  now: Sql,
): Sql {
  return sql`(select max(c.old_email) from ${userEmailChange.name} c
    where c.user_id = u.id and c.old_email_canonical = ${address} and ${isUndoable(now)})`
}
