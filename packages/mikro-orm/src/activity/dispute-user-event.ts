import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { parseUuid } from '../database/row-id.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { chargeTarget } from '../limits/charge-target.ts'
import type { Runtime } from '../runtime.ts'
import { notifyOwner } from '../second-factor/notify-owner.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import { stepOf } from '../sessions/session.ts'
import type { UserId } from '../user-id.ts'
import { canDispute } from './subjects-line.ts'

/** `unknown`: somebody else's, none at all, what nobody can dispute, and everything to who is not signed in. */
export type DisputeResult = { ok: true } | { ok: false; reason: 'unknown' } | Limited

/**
 * For whoever does not recognize a line of their activity: mails the owner the link "This wasn't me", and does nothing else. It
 * takes no sudo and it ends nothing, because a thief may press it too, and must not lock the owner out.
 *
 * @param input.eventId As listed.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const disputeUserEvent = defineFlow(
  {
    name: 'disputeUserEvent',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller, input: { eventId: unknown }): Promise<DisputeResult> => {
    const { session } = caller
    const eventId = parseUuid(input.eventId)
    if (session === null || stepOf(session) !== null || eventId === null)
      return { ok: false, reason: 'unknown' }
    const { dispute: bucket } = runtime.policy.limits.target
    const charge = { name: 'dispute.account', subject: session.userId, bucket }
    const limited = await chargeTarget(runtime, caller, charge, null)
    if (limited !== null) return limited
    return inSessionTransaction(runtime, session, async (tx, { userId }): Promise<DisputeResult> => {
      if (!(await isDisputed(tx, userId, eventId))) return { ok: false, reason: 'unknown' }
      const about = { actorId: userId, subjectId: userId, targetId: eventId, outcome: 'success' } as const
      const disputeId = await recordAuditEvent(tx, caller, { action: 'security.disputed', ...about })
      await notifyOwner(tx, userId, 'disputed', disputeId)
      return { ok: true }
    })
  },
)

async function isDisputed(tx: Transaction, userId: UserId, eventId: string): Promise<boolean> {
  const found = await tx.rows(sql`
    select from ${tx.tables.auditEvent.name} e
    where e.id = ${eventId}::uuid and e.subject_id = ${userId}::text and ${canDispute(tx.runtime)}`)
  return found.length > 0
}
