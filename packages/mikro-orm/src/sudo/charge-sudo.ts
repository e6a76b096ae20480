import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { FlowContext } from '../context.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { chargeTarget } from '../limits/charge-limits.ts'
import type { Runtime } from '../runtime.ts'
import type { ResolvedSession } from '../sessions/resolve-session.ts'

/** Somebody guessed too often from inside a session: it has ended. */
export interface SessionEnded {
  ok: false
  reason: 'session-ended'
}

/**
 * Takes one of a session's tries to prove again who it belongs to. Beyond the last the session ends: whoever holds a
 * stolen cookie must not go on guessing the password with it.
 *
 * @returns `null` when there was a try left.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function chargeSudo(
  runtime: Runtime,
  ctx: FlowContext,
  session: ResolvedSession,
): Promise<SessionEnded | null> {
  const bucket = runtime.policy.limits.target.sudo
  const limited = await chargeTarget(runtime, ctx, { name: 'sudo.session', subject: session.id, bucket })
  if (limited === null) return null
  await inTransaction(runtime, async (tx) => {
    const ended = await tx.rows(sql`
      delete from ${tx.tables.userSession.name} where id = ${session.id} returning id`)
    if (ended.length === 0) return
    await recordAuditEvent(tx, ctx, {
      action: 'session.revoked',
      outcome: 'denied',
      subjectId: session.userId,
      targetId: session.id,
      metadata: { reason: 'too-many-sudo-attempts' },
    })
  })
  ctx.effects.clearSession()
  return { ok: false, reason: 'session-ended' }
}
