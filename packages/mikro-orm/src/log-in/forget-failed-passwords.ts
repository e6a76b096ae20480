import type { CanonicalEmail } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { limitKey } from '../limits/limit-key.ts'
import { networkOf } from '../limits/network.ts'
import type { Runtime } from '../runtime.ts'

/** Where failures in a row are counted: by network, or by browser once the account knows it. */
export interface FailedPasswordKeys {
  network: string
  browser: string
}

/** @param subject The canonical address, or what was typed in its place. */
export function failedPasswordKeys(runtime: Runtime, caller: Caller, subject: string): FailedPasswordKeys {
  const keyOf = (from: string | null) => limitKey(runtime, 'failed-password', JSON.stringify([subject, from]))
  return { network: keyOf(networkOf(caller.clientAddress)), browser: keyOf(caller.browserToken) }
}

/**
 * Ends the wait of whoever has just proven to own the address, here: in this network and in this browser. What another
 * attempt is counting at this moment is skipped: it holds its count and waits for the user, whom this transaction
 * holds. Waiting for it would be a deadlock.
 */
export async function forgetFailedPasswords(
  tx: Transaction,
  caller: Caller,
  address: CanonicalEmail,
): Promise<void> {
  const { limit } = tx.tables
  const { network, browser } = failedPasswordKeys(tx.runtime, caller, address)
  await tx.rows(sql`
    delete from ${limit.name} where key in (
      select key from ${limit.name} where key in (${network}, ${browser}) for update skip locked)`)
}
