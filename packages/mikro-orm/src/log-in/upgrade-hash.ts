import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { onTheSide } from '../database/on-the-side.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'

/** What is stored, and the stronger hash of the same password that the comparison made on its way. */
export interface HashUpgrade {
  userId: UserId
  former: string
  stronger: string
}

/** Stores a stronger hash of the password that was right. A host that refuses the change keeps the weaker one. */
export async function upgradeHash(
  tx: Transaction,
  caller: Caller,
  { userId, former, stronger }: HashUpgrade,
): Promise<void> {
  await onTheSide(tx, 'hash-upgrade', async (side) => {
    const stored = await side.rows(sql`
      update ${side.tables.user.name} set hashed_password = ${stronger}
      where id = ${userId} and hashed_password = ${former} returning 1`)
    if (stored.length === 0) return
    await recordAuditEvent(side, caller, {
      action: 'auth.hash_upgraded',
      outcome: 'success',
      actorId: userId,
      subjectId: userId,
    })
  })
}
