import { type AuditEntry, recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import type { WrongAnswer } from './check-answer.ts'
import { reportCopiedPasskey } from './report-copied-passkey.ts'
import { spendChallenge } from './spend-challenge.ts'

/**
 * A ceremony that came to nothing. `expired`: the page waited too long, a new challenge helps. `invalid-passkey` is
 * everything else, in one answer: unknown, removed, copied, of a disabled account, or never a passkey at all.
 */
export interface PasskeyRefused {
  ok: false
  reason: 'invalid-passkey' | 'expired'
}

/**
 * Writes down why an answer did not count.
 *
 * @param entry The line of the flow it belongs to.
 */
export async function refuseAnswer(
  tx: Transaction,
  caller: Caller,
  answer: WrongAnswer,
  entry: Pick<AuditEntry, 'action' | 'subjectId' | 'targetId'>,
): Promise<PasskeyRefused> {
  const reason = await settle(tx, caller, answer)
  await recordAuditEvent(tx, caller, {
    ...entry,
    outcome: 'failure',
    actorId: null,
    subjectId: entry.subjectId ?? answer.passkey?.userId ?? null,
    metadata: { method: 'passkey', reason },
  })
  return { ok: false, reason: reason === 'challenge-expired' ? 'expired' : 'invalid-passkey' }
}

/** A counter that stands still is an alarm, unless the very same answer was sent twice: then it is that. */
async function settle(
  tx: Transaction,
  caller: Caller,
  { reason, passkey, spent }: WrongAnswer,
): Promise<WrongAnswer['reason']> {
  if (reason !== 'counter-regressed' || !passkey) return reason
  if (spent && !(await spendChallenge(tx, spent))) return 'challenge-used'
  await reportCopiedPasskey(tx, caller, passkey)
  return reason
}
