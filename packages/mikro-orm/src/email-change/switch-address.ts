import type { CanonicalEmail } from '@sigra/core'
import { admitAddress } from '../addresses/admit-address.ts'
import { holdAddress } from '../addresses/hold-address.ts'
import { lockAddresses } from '../addresses/lock-addresses.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'
import { isPending } from './pending-change.ts'

/** An address change that was asked for, as it was when its addresses were locked. */
export interface PendingAddressChange {
  id: string
  former: CanonicalEmail
  next: CanonicalEmail
}

/**
 * `taken`: somebody has the new address, or it is held for somebody. `not-approved`: the former mailbox has not agreed yet.
 * The caller undoes the whole transaction, unless it was `switched`.
 */
export type SwitchResult = 'switched' | 'gone' | 'taken' | 'not-approved'

/**
 * Finds what somebody has asked for and locks both addresses. Call it first in the transaction: the rows of users come
 * after their addresses.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function lockPendingChange(
  tx: Transaction,
  userId: UserId,
): Promise<PendingAddressChange | null> {
  const [change] = await tx.rows<PendingAddressChange>(sql`
    select c.id::text as id, c.old_email_canonical as former, c.new_email_canonical as next
    from ${tx.tables.userEmailChange.name} c
    where c.user_id = ${userId} and ${isPending(tx.now)}`)
  if (!change) return null
  await lockAddresses(tx, [change.former, change.next])
  return change
}

/**
 * Gives somebody the address they have proven, and holds the former one for as long as the change can be undone. The user's
 * row is locked, and so are the addresses. Ends nothing else.
 *
 * @param undoDays How long the former address is held; nobody undoes the change where the old mailbox is distrusted.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function switchAddress(
  tx: Transaction,
  userId: UserId,
  { change, undoDays }: { change: PendingAddressChange; undoDays: number },
): Promise<SwitchResult> {
  const admitted = await admitAddress(tx, change.next, { way: 'change', userId })
  if (!admitted.ok) return 'taken'
  const { user, userEmailChange } = tx.tables
  if (!(await isApproved(tx, change))) return 'not-approved'
  const until = sql`${tx.now} + ${undoDays} * interval '1 day'`
  const confirmed = await tx.rows(sql`
    update ${userEmailChange.name} c set confirmed_at = ${tx.now},
      undo_until = case when c.old_is_distrusted then null else ${until} end
    from ${user.name} u
    where c.id::text = ${change.id} and c.user_id = ${userId} and ${isPending(tx.now)}
      and u.id = c.user_id and u.email_canonical = c.old_email_canonical
    returning 1`)
  if (confirmed.length === 0) return 'gone'
  const switched = await tx.rows(sql`
    update ${user.name} u set email = c.new_email, email_canonical = ${admitted.address}, updated_at = ${tx.now}
    from ${userEmailChange.name} c
    where u.id = ${userId} and c.id::text = ${change.id} and c.new_email_canonical = ${admitted.address}
      and not exists (select from ${user.name} o where o.email_canonical = ${admitted.address} and o.id <> u.id)
    returning 1`)
  if (switched.length === 0) return 'taken'
  await holdAddress(tx, { address: change.former, reason: 'changed', until, userId })
  return 'switched'
}

/** As the policy is now: a change that was asked for under an easier one has to be approved all the same. */
async function isApproved(
  { runtime, rows, tables }: Transaction,
  { id }: PendingAddressChange,
): Promise<boolean> {
  if (!runtime.policy.emailChange.approveFromOld) return true
  const approved = await rows(sql`
    select from ${tables.userEmailChange.name} c
    where c.id::text = ${id} and (c.approved_at is not null or c.old_is_distrusted)`)
  return approved.length > 0
}
