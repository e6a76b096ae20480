import type { CanonicalEmail } from '@sigra/core'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { addressLocks } from './address-digests.ts'

const ADDRESSES = 0x51_67_72_61 // locks by two numbers, of which this is the first, are apart from all others

/**
 * Locks addresses until the transaction ends. Everything that gives an address to somebody, or takes it away, does it
 * under this lock. Take it **before** any row of `users`, and all addresses of a transaction at once: whoever
 * registers an address waits for its row with the lock in hand.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function lockAddresses(tx: Transaction, addresses: readonly CanonicalEmail[]): Promise<void> {
  await tx.rows(sql`
    select pg_advisory_xact_lock(${ADDRESSES}::int4, address) from unnest(${locksOf(tx, addresses)}::int4[]) address`)
}

/**
 * The same for work that can as well be done later: waits for nobody.
 *
 * @returns Whether they are locked. Where they are not, end the transaction: some of them may be.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function tryLockAddresses(
  tx: Transaction,
  addresses: readonly CanonicalEmail[],
): Promise<boolean> {
  const [row] = await tx.rows<{ isLocked: boolean }>(sql`
    select bool_and(pg_try_advisory_xact_lock(${ADDRESSES}::int4, address)) as "isLocked"
    from unnest(${locksOf(tx, addresses)}::int4[]) address`)
  return row?.isLocked ?? false
}

/** In one order everywhere, so that two transactions never wait for each other. */
function locksOf(tx: Transaction, addresses: readonly CanonicalEmail[]): number[] {
  const locks = new Set(addresses.flatMap((address) => addressLocks(tx.runtime, address)))
  return [...locks].toSorted((a, b) => a - b)
}
