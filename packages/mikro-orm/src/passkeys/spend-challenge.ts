import type { SpentChallenge } from '@sigra/core'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { requirePasskeys } from './require-passkeys.ts'

/**
 * Uses a challenge up, in the transaction that believes its answer. Of any number of parallel calls one gets `true`:
 * its hash is unique (race-tested).
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function spendChallenge(tx: Transaction, spent: SpentChallenge): Promise<boolean> {
  const { spentChallenge } = requirePasskeys(tx.runtime).tables
  const rows = await tx.rows(sql`
    insert into ${spentChallenge.name} (challenge_hash, expires_at) values (${spent.hash}, ${spent.expiresAt})
    on conflict (challenge_hash) do nothing returning 1`)
  return rows.length === 1
}
