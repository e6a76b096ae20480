import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { FlowContext } from '../context.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { traceFlow } from '../telemetry/trace-flow.ts'

/**
 * Ends this browser's session, full or pending. The cookie is cleared whether or not there was one, and only after
 * the row is gone.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer: the session lives on,
 *   and the cookie with it.
 */
export async function logOutUser(runtime: Runtime, ctx: FlowContext): Promise<{ ok: true }> {
  return traceFlow('auth.log_out', ctx, async () => {
    const { session } = ctx
    if (session) {
      await inTransaction(runtime, async (tx) => {
        const ended = await tx.rows(sql`
          delete from ${tx.tables.userSession.name} where id = ${session.id} returning id`)
        if (ended.length === 0) return // ended elsewhere meanwhile; that was recorded there
        await recordAuditEvent(tx, ctx, {
          action: 'auth.log_out',
          outcome: 'success',
          actorId: session.userId,
          subjectId: session.userId,
          targetId: session.id,
        })
      })
    }
    ctx.effects.clearSession()
    return { ok: true }
  })
}
