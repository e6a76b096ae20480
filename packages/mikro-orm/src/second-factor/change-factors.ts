import { type AuditEntry, recordAuditEvent } from '../audit/record-audit-event.ts'
import type { FlowContext } from '../context.ts'
import type { Transaction } from '../database/transaction.ts'
import { inUndoableTransaction } from '../database/undoable.ts'
import { renewSession } from '../door/renew-session.ts'
import type { NoticeKind } from '../mail/mail-kinds.ts'
import type { Runtime } from '../runtime.ts'
import { endOtherSessions } from '../sessions/delete-sessions.ts'
import { lockUser } from '../sessions/lock-user.ts'
import type { ResolvedSession } from '../sessions/resolve-session.ts'
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
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function changeFactors<T, R extends { ok: false }>(
  runtime: Runtime,
  ctx: FlowContext,
  session: ResolvedSession,
  change: (tx: Transaction, factors: Factors) => Promise<FactorChange<T> | R>,
): Promise<{ ok: true; value: T } | R | { ok: false; reason: 'session-ended' }> {
  const { userId } = session
  return inUndoableTransaction(
    runtime,
    async (tx, undo: (result: R | { ok: false; reason: 'session-ended' }) => never) => {
      await lockUser(tx, userId)
      const changed = await change(tx, await readFactors(tx, session))
      if (!changed.ok) return undo(changed)
      await supersedeTokens(tx, userId)
      const sessions = await endOtherSessions(tx, userId, session.id)
      if (!(await renewSession(tx, ctx))) return undo({ ok: false, reason: 'session-ended' })
      const { action, metadata } = changed.entry
      const eventId = await recordAuditEvent(tx, ctx, {
        action,
        outcome: 'success',
        actorId: userId,
        subjectId: userId,
        metadata: { ...metadata, sessions },
      })
      await notifyOwner(tx, userId, changed.notice, eventId)
      return { ok: true, value: changed.value }
    },
  )
}
