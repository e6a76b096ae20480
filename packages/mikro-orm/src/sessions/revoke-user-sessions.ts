import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { FlowContext } from '../context.ts'
import { parseRowId } from '../database/row-id.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { sudoSessionOf } from '../sudo/sudo-session.ts'
import { traceFlow } from '../telemetry/trace-flow.ts'
import { deleteSessions, endOtherSessions } from './delete-sessions.ts'
import { forgetBrowser, forgetOtherBrowsers } from './known-browsers.ts'
import { lockUserOf } from './lock-user.ts'

/** @param sessionId As listed. Somebody else's, and one that has ended, are both unknown. */
export type RevokeResult = { ok: true; isCurrent: boolean } | { ok: false; reason: 'unknown' }

/**
 * Ends one of the signed-in user's sessions; this one too, and then the cookie goes as at log-out. Another one's browser
 * is neither trusted nor known any more.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function revokeUserSession(
  runtime: Runtime,
  ctx: FlowContext,
  input: { sessionId: unknown },
): Promise<RevokeResult> {
  return traceFlow('session.revoke', ctx, async () => {
    const session = sudoSessionOf(ctx, 'revoke-session')
    const sessionId = parseRowId(input.sessionId)
    if (sessionId === null) return { ok: false, reason: 'unknown' }
    const isEnded = await inTransaction(runtime, async (tx) => {
      if (!(await lockUserOf(tx, session))) return false
      const [ended] = await tx.rows<{ browserHash: Buffer | null }>(sql`
        delete from ${tx.tables.userSession.name}
        where id::text = ${sessionId} and user_id = ${session.userId} and awaiting is null
        returning browser_id as "browserHash"`)
      if (!ended) return false
      if (sessionId !== session.id) await forgetBrowser(tx, session.userId, ended.browserHash)
      await recordAuditEvent(tx, ctx, {
        action: 'session.revoked',
        outcome: 'success',
        subjectId: session.userId,
        targetId: sessionId,
      })
      return true
    })
    if (!isEnded) return { ok: false, reason: 'unknown' }
    const isCurrent = sessionId === session.id
    if (isCurrent) ctx.effects.clearSession()
    return { ok: true, isCurrent }
  })
}

/**
 * Ends every session of the signed-in user but this one, pending sign-ins included, and forgets every other browser.
 *
 * @returns How many sessions ended.
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function revokeOtherUserSessions(runtime: Runtime, ctx: FlowContext): Promise<number> {
  return revoke(runtime, ctx, 'others')
}

/**
 * Ends every session of the signed-in user, this one included.
 *
 * @returns How many sessions ended.
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function revokeAllUserSessions(runtime: Runtime, ctx: FlowContext): Promise<number> {
  const sessions = await revoke(runtime, ctx, 'all')
  ctx.effects.clearSession()
  return sessions
}

function revoke(runtime: Runtime, ctx: FlowContext, which: 'others' | 'all'): Promise<number> {
  return traceFlow('session.revoke', ctx, async () => {
    const session = sudoSessionOf(ctx, 'revoke-sessions')
    const { id, userId } = session
    return inTransaction(runtime, async (tx) => {
      if (!(await lockUserOf(tx, session))) return 0
      const sessions =
        which === 'all' ? await deleteSessions(tx, userId) : await endOtherSessions(tx, userId, id)
      await forgetOtherBrowsers(tx, ctx, userId)
      await recordAuditEvent(tx, ctx, {
        action: 'session.revoked_all',
        outcome: 'success',
        subjectId: userId,
        metadata: { sessions, result: which },
      })
      return sessions
    })
  })
}
