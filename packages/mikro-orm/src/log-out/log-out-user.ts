import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
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
  async (runtime: Runtime, caller: Caller): Promise<{ ok: true }> => {
    if (caller.sessionToken === null) caller.effects.clearSession()
    else if (!(await inTransaction(runtime, (tx) => endSession(tx, caller)))) throw new SessionOvertaken()
    return { ok: true }
  },
)

/** No row: the session ended or was renewed elsewhere, which was recorded there, or the token is one that nobody made. */
async function endSession(tx: Transaction, caller: Caller): Promise<boolean> {
  const ended = await tx.rows<{ id: string; userId: UserId }>(sql`
    delete from ${tx.tables.userSession.name} s where ${isOfBrowser(caller, 's')}
    returning s.id::text as id, s.user_id::text as "userId"`)
  for (const { id, userId } of ended) {
    await recordAuditEvent(tx, caller, {
      action: 'auth.log_out',
      outcome: 'success',
      actorId: userId,
      subjectId: userId,
      targetId: id,
    })
  }
  if (ended.length > 0) tx.afterCommit(() => caller.effects.clearSession())
  return ended.length > 0
}
