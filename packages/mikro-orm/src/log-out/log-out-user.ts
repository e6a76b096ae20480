import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { FlowContext } from '../context.ts'
import { sql } from '../database/sql.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { isOfBrowser } from '../sessions/browser-session.ts'
import { SessionOvertaken } from '../sessions/continue-session.ts'
import type { UserId } from '../user-id.ts'

/**
 * Ends the session this browser presented, full or pending, expired or not, whatever the state of its user. The cookie
 * goes only after the row is gone. A token that is no session's may be an old one: the browser may hold a newer cookie by
 * now, which is left alone.
 *
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` for such a token.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer: the session lives on,
 *   and the cookie with it.
 */
export const logOutUser = defineFlow(
  {
    name: 'logOutUser',
    principal: 'browser',
    changes: true,
    sudo: false,
    impersonation: 'allowed',
    channel: 'auth.log_out',
  },
  async (runtime: Runtime, ctx: FlowContext): Promise<{ ok: true }> => {
    if (ctx.sessionToken === null) ctx.effects.clearSession()
    else if (!(await inTransaction(runtime, (tx) => endSession(tx, ctx)))) throw new SessionOvertaken()
    return { ok: true }
  },
)

/** No row: the session ended or was renewed elsewhere, which was recorded there, or the token is one that nobody made. */
async function endSession(tx: Transaction, ctx: FlowContext): Promise<boolean> {
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
  if (ended.length > 0) tx.afterCommit(() => ctx.effects.clearSession())
  return ended.length > 0
}
