import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { FlowContext } from '../context.ts'
import { inTransaction } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { notifyOwner } from '../second-factor/notify-owner.ts'
import type { CodeTry } from './reserve-code-try.ts'

/**
 * Tells the owner that mailed codes are off, after the wrong one that made the row full. Counts are given out one by
 * one, so of any number of wrong codes at once exactly one is that.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function tellIfCodesBlocked(
  runtime: Runtime,
  ctx: FlowContext,
  reserved: CodeTry | null,
): Promise<void> {
  if (reserved?.failures !== runtime.policy.wrongCodes.refuseAt) return
  const { userId, failures } = reserved
  await inTransaction(runtime, async (tx) => {
    const eventId = await recordAuditEvent(tx, ctx, {
      action: 'security.lockout',
      outcome: 'denied',
      actorId: null,
      subjectId: userId,
      metadata: { method: 'mailed-code', attempts: failures },
    })
    await notifyOwner(tx, userId, 'codesBlocked', eventId)
  })
}
