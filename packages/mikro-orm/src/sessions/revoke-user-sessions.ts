import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { parseRowId } from '../database/row-id.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { type ContinuedSession, endOwnSession, inSessionTransaction } from './continue-session.ts'
import { deleteSessions, endOtherSessions } from './delete-sessions.ts'
import { forgetBrowser, forgetOtherBrowsers } from './known-browsers.ts'

/** @param sessionId As listed. Somebody else's, and one that has ended, are both unknown. */
export type RevokeResult = { ok: true; isCurrent: boolean } | { ok: false; reason: 'unknown' }

/**
 * Ends one of the signed-in user's sessions; this one too, and then the cookie goes as at log-out. Another one's browser
 * is neither trusted nor known any more.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const revokeUserSession = defineFlow(
  {
    name: 'revokeUserSession',
    principal: 'session',
    changes: true,
    sudo: 'revoke-session',
    impersonation: 'refused',
    channel: 'session.revoke',
  },
  async (runtime: Runtime, caller: SudoCaller, input: { sessionId: unknown }): Promise<RevokeResult> => {
    const { session } = caller
    const sessionId = parseRowId(input.sessionId)
    if (sessionId === null) return { ok: false, reason: 'unknown' }
    const isCurrent = sessionId === session.id
    const isEnded = await inSessionTransaction(runtime, session, async (tx, own) => {
      if (isCurrent) await endOwnSession(tx, caller, own)
      else if (!(await endOther(tx, own, sessionId))) return false
      await recordAuditEvent(tx, caller, {
        action: 'session.revoked',
        outcome: 'success',
        subjectId: session.userId,
        targetId: sessionId,
      })
      return true
    })
    if (!isEnded) return { ok: false, reason: 'unknown' }
    return { ok: true, isCurrent }
  },
)

async function endOther(tx: Transaction, { userId }: ContinuedSession, sessionId: string): Promise<boolean> {
  const [ended] = await tx.rows<{ browserHash: Buffer | null }>(sql`
    delete from ${tx.tables.userSession.name}
    where id::text = ${sessionId} and user_id = ${userId} and awaiting is null
    returning browser_id as "browserHash"`)
  if (!ended) return false
  await forgetBrowser(tx, userId, ended.browserHash)
  return true
}

/**
 * Ends every session of the signed-in user but this one, pending sign-ins included, and forgets every other browser.
 *
 * @returns How many sessions ended.
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const revokeOtherUserSessions = defineFlow(
  {
    name: 'revokeOtherUserSessions',
    principal: 'session',
    changes: true,
    sudo: 'revoke-sessions',
    impersonation: 'refused',
    channel: 'session.revoke',
  },
  (runtime: Runtime, caller: SudoCaller): Promise<number> => revoke(runtime, caller, 'others'),
)

/**
 * Ends every session of the signed-in user, this one included.
 *
 * @returns How many sessions ended.
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const revokeAllUserSessions = defineFlow(
  {
    name: 'revokeAllUserSessions',
    principal: 'session',
    changes: true,
    sudo: 'revoke-sessions',
    impersonation: 'refused',
    channel: 'session.revoke',
  },
  (runtime: Runtime, caller: SudoCaller): Promise<number> => revoke(runtime, caller, 'all'),
)

function revoke(runtime: Runtime, caller: SudoCaller, which: 'others' | 'all'): Promise<number> {
  return inSessionTransaction(runtime, caller.session, async (tx, own) => {
    const { userId } = own
    const sessions = which === 'all' ? await deleteSessions(tx, userId) : await endOtherSessions(tx, own)
    if (which === 'all') tx.afterCommit(() => caller.effects.clearSession())
    await forgetOtherBrowsers(tx, caller, userId)
    await recordAuditEvent(tx, caller, {
      action: 'session.revoked_all',
      outcome: 'success',
      subjectId: userId,
      metadata: { sessions, result: which },
    })
    return sessions
  })
}
