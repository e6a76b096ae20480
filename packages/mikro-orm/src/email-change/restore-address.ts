import type { CanonicalEmail, MailedToken } from '@sigra/core'
import { admitAddress } from '../addresses/admit-address.ts'
import { releaseHold } from '../addresses/hold-address.ts'
import { lockAddresses } from '../addresses/lock-addresses.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'
import { isUndoable } from './undoable-change.ts'

/**
 * Locks every address that an undo by this link could give back or take away, and the one the link was sent to: a change may
 * be confirmed between this statement and the lock of the user. Call it first in the transaction: the rows of users come
 * after their addresses.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function lockUndoneAddresses(tx: Transaction, { selector }: MailedToken): Promise<void> {
  const { userEmailChange, userToken } = tx.tables
  const rows = await tx.rows<{
    sentTo: CanonicalEmail
    former: CanonicalEmail | null
    next: CanonicalEmail | null
  }>(sql`
    select t.sent_to as "sentTo", c.old_email_canonical as former, c.new_email_canonical as next
    from ${userToken.name} t left join ${userEmailChange.name} c on c.user_id = t.user_id and ${isUndoable(tx.now)}
    where t.selector = ${selector}`)
  if (rows.length === 0) return
  const addresses = rows.flatMap(({ sentTo, former, next }) => [sentTo, former, next])
  await lockAddresses(
    tx,
    addresses.filter((each) => each !== null),
  )
}

/**
 * Gives somebody back the address that the mail of a link was sent to, and undoes the change that took it and every later
 * one: whoever was let in by a later address loses it. The user's row is locked, and so are the addresses.
 *
 * @param sentTo Where the link was sent: an address of theirs, now or until a change that can still be undone.
 * @returns The address they have now, and since when they had others, where it was given back.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function restoreAddress(
  tx: Transaction,
  userId: UserId,
  { sentTo, current }: { sentTo: CanonicalEmail; current: CanonicalEmail },
): Promise<{ address: CanonicalEmail; undoneSince: string | null }> {
  if (sentTo === current) return { address: current, undoneSince: null }
  const { user, userEmailChange } = tx.tables
  const admitted = await admitAddress(tx, sentTo, { way: 'undo', userId })
  if (!admitted.ok) return { address: current, undoneSince: null }
  const [restored] = await tx.rows<{ address: CanonicalEmail; undoneSince: string }>(sql`
    with first as materialized (
      select c.id, c.confirmed_at, c.old_email from ${userEmailChange.name} c
      where c.user_id = ${userId} and c.old_email_canonical = ${admitted.address} and ${isUndoable(tx.now)}
        and not exists (select from ${user.name} o where o.email_canonical = ${admitted.address})
      order by c.confirmed_at, c.id limit 1
    ), undone as (
      update ${userEmailChange.name} c set undone_at = ${tx.now} from first f
      where c.user_id = ${userId} and c.confirmed_at >= f.confirmed_at and ${isUndoable(tx.now)}
    )
    update ${user.name} u set email = f.old_email, email_canonical = ${admitted.address}, updated_at = ${tx.now}
    from first f
    where u.id = ${userId}
    returning u.email_canonical as address, f.confirmed_at::text as "undoneSince"`)
  if (!restored) return { address: current, undoneSince: null }
  await releaseHold(tx, sentTo, userId)
  return restored
}
