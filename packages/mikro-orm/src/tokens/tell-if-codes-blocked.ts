import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import { notifyOwner } from '../second-factor/notify-owner.ts'
import type { CodeTry } from './reserve-code-try.ts'

/**
 * Tells the owner that mailed codes are off, after the wrong one that made the row full. Counts are given out one by
 * one, so of any number of wrong codes at once exactly one is that.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function tellIfCodesBlocked(
  tx: Transaction,
  caller: Caller,
  tried: CodeTry | null,
): Promise<void> {
  if (tried?.failures !== tx.runtime.policy.wrongCodes.refuseAt) return
  const { userId, failures, browser } = tried
  const eventId = await recordAuditEvent(tx, caller, {
    action: 'security.lockout',
    outcome: 'denied',
    actorId: null,
    subjectId: userId,
    metadata: { method: 'mailed-code', browser, attempts: failures },
  })
  await notifyOwner(tx, userId, 'codesBlocked', eventId)
}
