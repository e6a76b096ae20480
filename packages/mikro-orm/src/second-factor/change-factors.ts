import { type AuditEntry, recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import { renewSession } from '../door/renew-session.ts'
import type { NoticeKind } from '../mail/mail-kinds.ts'
import type { Runtime } from '../runtime.ts'
import { type ContinuedSession, inSessionTransaction } from '../sessions/continue-session.ts'
import { endOtherSessions } from '../sessions/delete-sessions.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { supersedeTokens } from '../tokens/supersede-tokens.ts'
import { type Factors, readFactors } from './factors.ts'
import { notifyOwner } from './notify-owner.ts'

/** A change that was made: what the audit log says of it, and the owner's mail. */
export interface FactorChange<T> {
  ok: true
  value: T
  entry: Pick<AuditEntry, 'action' | 'metadata'>
  notice: NoticeKind
}

/**
 * Changes a signed-in user's second factors. Whatever could act for them under the former ones ends in the same
 * transaction (other sessions, trusted browsers, mailed links), and this session gets another token.
 *
 * @param change Makes the change, or says why not: then nothing happens at all.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function changeFactors<T, R extends { ok: false }>(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  change: (tx: Transaction, own: ContinuedSession, factors: Factors) => Promise<FactorChange<T> | R>,
): Promise<{ ok: true; value: T } | R> {
  const { userId } = session
  return inSessionTransaction(runtime, session, async (tx, own, undo: (result: R) => never) => {
    const changed = await change(tx, own, await readFactors(tx, own))
    if (!changed.ok) return undo(changed)
    await supersedeTokens(tx, userId)
    const sessions = await endOtherSessions(tx, own)
    await renewSession(tx, caller, own)
    const { action, metadata } = changed.entry
    const eventId = await recordAuditEvent(tx, caller, {
      action,
      outcome: 'success',
      actorId: userId,
      subjectId: userId,
      metadata: { ...metadata, sessions },
    })
    await notifyOwner(tx, userId, changed.notice, eventId)
    return { ok: true as const, value: changed.value }
  })
}
