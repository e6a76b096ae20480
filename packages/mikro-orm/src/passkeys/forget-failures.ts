import type { CanonicalEmail } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { forgetFailedPasswords } from '../log-in/forget-failed-passwords.ts'
import { clearFailures } from '../second-factor/clear-failures.ts'
import { noFailedCodes } from '../tokens/failed-codes.ts'
import type { UserId } from '../user-id.ts'

/**
 * Ends what wrong passwords and codes had locked, of every kind: whoever signs in by a passkey owns the account, and nobody
 * guesses a passkey.
 */
export async function forgetFailures(tx: Transaction, caller: Caller, userId: UserId): Promise<void> {
  const [user] = await tx.rows<{ address: CanonicalEmail }>(sql`
    update ${tx.tables.user.name} set failed_password_count = 0, password_locked_at = null, ${noFailedCodes}
    where id = ${userId}
    returning email_canonical as address`)
  await clearFailures(tx, userId)
  if (user) await forgetFailedPasswords(tx, caller, user.address)
}
