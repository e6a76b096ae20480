import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import { type ContinuedSession, endOwnSession } from '../sessions/continue-session.ts'
import type { WrongCode } from './check-code.ts'
import type { ReservedTry } from './reserve-try.ts'
import type { TypedCode } from './typed-code.ts'

/** What was wrong with which kind of code: for the audit log, more than the visitor is told. */
export interface WrongTry {
  method: TypedCode['method']
  reason: WrongCode
}

/**
 * Writes down that a code was wrong. The last one of a pending sign-in ends it; the first one that makes the account
 * wait, and the one that closes it to codes, are told to the owner. Each number is given out once, so each is told once.
 *
 * @param own `null` where the session went on without this request: the code was counted all the same.
 * @returns Whether the sign-in ended.
 */
export async function recordWrongCode(
  tx: Transaction,
  caller: Caller,
  own: ContinuedSession | null,
  tried: ReservedTry,
  wrong: WrongTry,
): Promise<boolean> {
  const { backOffFrom, refuseAt, triesPerChallenge } = tx.runtime.policy.secondFactorCodes
  const isLast = own?.awaiting === 'second-factor' && tried.attempts >= triesPerChallenge
  await recordAuditEvent(tx, caller, {
    action: 'mfa.failed',
    outcome: 'failure',
    actorId: null,
    subjectId: tried.userId,
    metadata: { ...wrong, attempts: tried.failures },
  })
  if (tried.failures === backOffFrom || tried.failures === refuseAt) await tellOwner(tx, caller, tried)
  if (isLast && own) await endOwnSession(tx, caller, own)
  return isLast
}

async function tellOwner(tx: Transaction, caller: Caller, tried: ReservedTry): Promise<void> {
  const eventId = await recordAuditEvent(tx, caller, {
    action: 'security.lockout',
    outcome: 'denied',
    actorId: null,
    subjectId: tried.userId,
    metadata: { method: 'second-factor', attempts: tried.failures },
  })
  await enqueueNotice(tx, 'secondFactorBlocked', { address: tried.address, eventId })
}
