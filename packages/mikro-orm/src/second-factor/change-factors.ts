import { type AuditEntry, recordAuditEvent } from '../audit/record-audit-event.ts'
import type { FlowContext } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { inUndoableTransaction } from '../database/undoable.ts'
import { factorsOf, isChallenged, isObligedByPolicy } from '../door/next-step.ts'
import { renewSession } from '../door/renew-session.ts'
import type { NoticeKind } from '../mail/mail-kinds.ts'
import type { Runtime } from '../runtime.ts'
import { endOtherSessions } from '../sessions/delete-sessions.ts'
import { lockUser } from '../sessions/lock-user.ts'
import type { ResolvedSession } from '../sessions/resolve-session.ts'
import { supersedeTokens } from '../tokens/supersede-tokens.ts'
import { notifyOwner } from './notify-owner.ts'

/** What a user has and must have, read under their lock. */
export interface Factors {
  hasTotp: boolean
  hasPasskey: boolean
  hasCodes: boolean
  requiresSecondStep: boolean
  /** The host's policy demands two factors. */
  isObliged: boolean
  /** A sign-in with one factor is asked for another. */
  isChallenged: boolean
}

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

async function readFactors(tx: Transaction, { userId }: ResolvedSession): Promise<Factors> {
  const [row] = await tx.rows<Factors>(sql`
    select u.has_totp as "hasTotp", u.has_passkey as "hasPasskey", u.has_codes as "hasCodes",
      u.require_second_step as "requiresSecondStep", ${isObligedByPolicy(tx.runtime)} as "isObliged",
      ${isChallenged} as "isChallenged"
    from (${factorsOf(tx.runtime, userId)}) u`)
  return row ?? nothing
}

/** Of a user who is gone: every change then finds nothing to change. */
const nothing: Factors = {
  hasTotp: false,
  hasPasskey: false,
  hasCodes: false,
  requiresSecondStep: false,
  isObliged: false,
  isChallenged: false,
}
