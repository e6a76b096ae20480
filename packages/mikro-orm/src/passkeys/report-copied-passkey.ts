import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import { isFirstInWindow } from '../limits/record-rate-limited.ts'
import { notifyOwner } from '../second-factor/notify-owner.ts'
import type { KnownPasskey } from './check-answer.ts'

/**
 * A passkey signed with a counter that was used before: there are two of it. The use is refused, and its owner is told,
 * once in a while: whoever has the copy must not fill their mailbox.
 */
export async function reportCopiedPasskey(
  tx: Transaction,
  caller: Caller,
  { id, userId, nickname }: KnownPasskey,
): Promise<void> {
  const eventId = await recordAuditEvent(tx, caller, {
    action: 'passkey.counter_regressed',
    outcome: 'denied',
    actorId: null,
    subjectId: userId,
    targetId: id,
    metadata: { nickname },
  })
  if (await isFirstInWindow(tx, 'copied-passkey', id)) await notifyOwner(tx, userId, 'passkeyCopied', eventId)
}
