import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { FlowContext, UserId } from '../context.ts'
import { sql } from '../database/sql.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { isOfBrowser } from '../sessions/browser-session.ts'
import { traceFlow } from '../telemetry/trace-flow.ts'

/**
 * Ends this browser's session, full or pending, expired or not, whatever the state of its user. The cookie is cleared
 * whether or not there was one, and only after the row is gone.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer: the session lives on,
 *   and the cookie with it.
 */
export async function logOutUser(runtime: Runtime, ctx: FlowContext): Promise<{ ok: true }> {
  return traceFlow('auth.log_out', ctx, async () => {
    if (ctx.session || ctx.sessionToken) await inTransaction(runtime, (tx) => endSession(tx, ctx))
    ctx.effects.clearSession()
    return { ok: true }
  })
}

/** No row: the session ended elsewhere, which was recorded there, or the token is one that nobody made. */
async function endSession(tx: Transaction, ctx: FlowContext): Promise<void> {
  const ended = await tx.rows<{ id: string; userId: UserId }>(sql`
    delete from ${tx.tables.userSession.name} s where ${isOfBrowser(ctx, 's')}
    returning s.id::text as id, s.user_id::text as "userId"`)
  for (const { id, userId } of ended) {
    await recordAuditEvent(tx, ctx, {
      action: 'auth.log_out',
      outcome: 'success',
      actorId: userId,
      subjectId: userId,
      targetId: id,
    })
  }
}
