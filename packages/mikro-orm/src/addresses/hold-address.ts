import { type CanonicalEmail, Impossible } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'
import { addressDigests } from './address-digests.ts'
import { lockAddresses } from './lock-addresses.ts'

export interface AddressHold {
  address: CanonicalEmail
  reason: 'changed' | 'deleted'
  /** An instant, as SQL: `${tx.now} + ${days} * interval '1 day'`. */
  until: Sql
  /** Who may have it back; `null` where nobody may. */
  userId: UserId | null
}

/**
 * Keeps an address from everybody else for a while, by its digest. Call it in the transaction in which the address stops
 * being somebody's, with the address locked before the row of the user.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function holdAddress(tx: Transaction, hold: AddressHold): Promise<void> {
  const [current] = addressDigests(tx.runtime, hold.address)
  if (current === undefined) throw new Impossible('a ring has a first key')
  await lockAddresses(tx, [hold.address])
  await tx.rows(sql`
    insert into ${tx.tables.userAddressHold.name} as h (digest, key_id, reason, held_until, user_id)
    values (${current.digest}::bytea, ${current.keyId}, ${hold.reason}, ${hold.until}, ${hold.userId})
    on conflict (digest) do update
      set reason = excluded.reason, held_until = greatest(h.held_until, excluded.held_until), user_id = excluded.user_id`)
}

/**
 * Ends what was held for somebody: they have the address again.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function releaseHold(tx: Transaction, address: CanonicalEmail, userId: UserId): Promise<void> {
  const digests = addressDigests(tx.runtime, address).map(({ digest }) => digest)
  await lockAddresses(tx, [address])
  await tx.rows(sql`
    delete from ${tx.tables.userAddressHold.name}
    where digest = any(${digests}::bytea[]) and user_id = ${userId}`)
}
