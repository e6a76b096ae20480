import { Impossible } from '@sigra/core'
import type { Transaction } from '../database/transaction.ts'
import type { AreaLine } from '../hooks.ts'
import { tellUser } from '../mail/tell-user.ts'
import { isAuditAction } from './audit-actions.ts'
import { type AuditSource, recordAuditEvent } from './record-audit-event.ts'

/**
 * Writes what an area did in a hook, and tells whom it is about.
 *
 * @param actorId Who did it. @default the signed-in user, else nobody
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 * @throws {Impossible} `SIGRA_IMPOSSIBLE` for an action that no area declares.
 */
export async function recordAreaLine(
  tx: Transaction,
  source: AuditSource,
  { action, tells, ...line }: AreaLine,
  actorId?: string | null,
): Promise<void> {
  if (!isAuditAction(action)) throw new Impossible(`no area declares the action ${action}`)
  const actor = actorId === undefined ? {} : { actorId }
  const eventId = await recordAuditEvent(tx, source, { action, outcome: 'success', ...actor, ...line })
  if (tells !== undefined && line.subjectId !== undefined)
    await tellUser(tx, tells, { userId: line.subjectId, eventId })
}
