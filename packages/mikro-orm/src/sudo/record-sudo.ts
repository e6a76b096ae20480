import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import type { NoticeKind } from '../mail/mail-kinds.ts'
import { notifyOwner } from '../second-factor/notify-owner.ts'
import type { ResolvedSession } from '../sessions/session.ts'

/** Writes down that sudo was given, in the transaction that gave it, and tells the owner where that is called for. */
export async function recordSudo(
  tx: Transaction,
  caller: Caller,
  session: ResolvedSession,
  method: 'password' | 'totp' | 'backup-code' | 'email',
  notice?: NoticeKind,
): Promise<void> {
  const eventId = await recordAuditEvent(tx, caller, {
    action: 'session.sudo',
    outcome: 'success',
    subjectId: session.userId,
    targetId: session.id,
    metadata: { method },
  })
  if (notice) await notifyOwner(tx, session.userId, notice, eventId)
}

/** Writes down a try that was wrong. */
export async function recordFailedSudo(
  tx: Transaction,
  caller: Caller,
  session: ResolvedSession,
  method: 'password' | 'email' | 'recovery',
): Promise<void> {
  await recordAuditEvent(tx, caller, {
    action: 'session.sudo',
    outcome: 'failure',
    subjectId: session.userId,
    targetId: session.id,
    metadata: { method },
  })
}
