import { type AuditSource, recordAuditEvent } from '../audit/record-audit-event.ts'
import { sql } from '../database/sql.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'

/** Ends a user's row of wrong codes: a second factor was right, or they signed in by a passkey. */
export async function clearFailures(tx: Transaction, userId: UserId): Promise<void> {
  await tx.rows(sql`
    update ${tx.tables.user.name} set failed_second_factor_count = 0, second_factor_wait_until = null
    where id = ${userId} and failed_second_factor_count > 0`)
}

/**
 * For an operator: lets the codes of an account count again after too many wrong ones. Make sure who asks for it.
 *
 * @returns Whether there was anything to clear.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const unblockUserSecondFactor = defineFlow(
  {
    name: 'unblockUserSecondFactor',
    principal: 'operator',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (
    runtime: Runtime,
    userId: UserId,
    source: AuditSource = { clientAddress: null, userAgent: null, requestId: 'server' },
  ): Promise<boolean> => {
    return inTransaction(runtime, async (tx) => {
      const rows = await tx.rows(sql`
        update ${tx.tables.user.name} set failed_second_factor_count = 0, second_factor_wait_until = null
        where id = ${userId} and failed_second_factor_count > 0
        returning 1`)
      if (rows.length === 0) return false
      await recordAuditEvent(tx, source, { action: 'mfa.unblocked', outcome: 'success', subjectId: userId })
      return true
    })
  },
)
