import { type AuditEntry, recordAuditEvents } from '../audit/record-audit-event.ts'
import type { FlowContext, UserId } from '../context.ts'
import type { Transaction } from '../database/transaction.ts'
import type { SignInOutcome } from '../door/complete-sign-in.ts'
import type { ReservedAttempt } from './reserve-attempt.ts'

export interface SignInRecord {
  userId: UserId
  attempt: ReservedAttempt
  result: SignInOutcome
  /** A stronger hash was stored on the way. */
  upgraded: boolean
}

/** Writes what came of a right password: one line, and one more where the stored hash was replaced. */
export async function recordSignIn(
  tx: Transaction,
  ctx: FlowContext,
  { userId, attempt, result, upgraded }: SignInRecord,
): Promise<void> {
  const entries = [describe(userId, attempt, result)]
  if (upgraded) {
    entries.push({ action: 'auth.hash_upgraded', outcome: 'success', actorId: userId, subjectId: userId })
  }
  await recordAuditEvents(tx, ctx, entries)
}

function describe(userId: UserId, { browser }: ReservedAttempt, result: SignInOutcome): AuditEntry {
  if (result.outcome === 'refused') {
    return {
      action: 'auth.log_in_failed',
      outcome: result.reason === 'changed' ? 'failure' : 'denied',
      actorId: null,
      subjectId: userId,
      metadata: { method: 'password', reason: result.reason, browser },
    }
  }
  return {
    action: 'auth.log_in',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    targetId: result.sessionId,
    metadata: { method: 'password', result: result.outcome, browser },
  }
}
