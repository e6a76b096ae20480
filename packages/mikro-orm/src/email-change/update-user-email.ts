import { type MailedToken, parseEmail, parseMailedCode, parseMailedToken } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { confirmedAccount } from '../confirm/confirmed-account.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { inUndoableTransaction } from '../database/undoable.ts'
import { orUniqueViolation } from '../database/unique-violation.ts'
import { renewSession } from '../door/renew-session.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { runAfterAddressChanged } from '../hooks.ts'
import { chargeMailedLink } from '../limits/charge-mailed-link.ts'
import { withGuess } from '../limits/guess.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import type { Runtime } from '../runtime.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import { type ContinuedSession, continueSession, SessionOvertaken } from '../sessions/continue-session.ts'
import { endOtherSessions } from '../sessions/delete-sessions.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import { chargeCodeEntry } from '../tokens/charge-code-entry.ts'
import { consumeToken } from '../tokens/consume-token.ts'
import { recordTokenRefusal } from '../tokens/record-token-refusal.ts'
import { recordWrongMailedCode } from '../tokens/record-wrong-mailed-code.ts'
import { repeatTokenUse } from '../tokens/repeat-token-use.ts'
import { supersedeTokens } from '../tokens/supersede-tokens.ts'
import { tryMailedCode } from '../tokens/try-mailed-code.ts'
import { lockPendingChange, type PendingAddressChange, switchAddress } from './switch-address.ts'
import { tellAboutChange } from './tell-about-change.ts'

export type UpdateEmailResult =
  | { ok: true }
  /** Of a link or code that is none of this account's, used, replaced, cancelled or too old: one answer. */
  | { ok: false; reason: 'invalid' }
  /** Somebody else has the address by now, or it is held for somebody. Nothing was changed. */
  | { ok: false; reason: 'taken' }
  /** The old mailbox has not approved yet. The link can be used again. */
  | { ok: false; reason: 'not-approved' }
  | Limited

type Refusal = Exclude<UpdateEmailResult, { ok: true } | Limited>

/** Proves the new address in the transaction of the change. */
type Prove = (tx: Transaction, change: PendingAddressChange) => Promise<boolean>

const invalid = { ok: false, reason: 'invalid' } as const

/**
 * Gives the signed-in user the address they asked for, proven by the link that was mailed there, or by its code in the
 * browser that asked. Other sessions, trusted browsers and mailed links end, this session goes on under a new token, and the
 * former address is held and can have it all undone for a while. Everything happens or nothing does.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and pending sign-ins.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const updateUserEmail = defineFlow(
  {
    name: 'updateUserEmail',
    principal: 'session',
    changes: true,
    sudo: false, // it was asked for with one
    impersonation: 'refused',
    channel: 'account.email_change',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { token: unknown } | { code: unknown },
  ): Promise<UpdateEmailResult> => {
    const session = signedInSessionOf(caller)
    return 'token' in input
      ? byLink(runtime, caller, session, input.token)
      : byCode(runtime, caller, session, input.code)
  },
)

async function byLink(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  typed: unknown,
): Promise<UpdateEmailResult> {
  const token = parseMailedToken(runtime.ring, 'change-email', typed)
  if (!token) return invalid
  const limited = await chargeMailedLink(runtime, caller)
  if (limited) return limited
  const result = await change(runtime, caller, session, 'link', async (tx) =>
    isConsumed(tx, caller, session, token),
  )
  if (result.ok || result.reason !== 'invalid') return result
  const repeated = await repeatTokenUse(runtime, caller, token, 'link')
  if (repeated?.userId === session.userId) return { ok: true }
  await recordTokenRefusal(runtime, caller, 'auth.email_changed', token)
  return result
}

async function isConsumed(
  tx: Transaction,
  caller: Caller,
  { userId }: ResolvedSession,
  token: MailedToken,
): Promise<boolean> {
  return (await consumeToken(tx, caller, token, 'link', sql`u.id = ${userId}`)) !== null
}

async function byCode(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  typed: unknown,
): Promise<UpdateEmailResult> {
  const code = parseMailedCode(typed)
  return withGuess(runtime, async (guess) => {
    const address = parseEmail(session.user.email)?.canonical ?? null
    const limited = await chargeCodeEntry(runtime, caller, address, guess)
    if (limited) return limited
    const result =
      code === null
        ? invalid
        : await change(runtime, caller, session, 'code', (tx, pending) =>
            isRight(tx, caller, pending, session, code),
          )
    if (!result.ok && result.reason === 'invalid') guess.wasWrong()
    return result
  })
}

async function isRight(
  tx: Transaction,
  caller: Caller,
  { former, next }: PendingAddressChange,
  { userId }: ResolvedSession,
  code: string,
): Promise<boolean> {
  const { codeMinutes: lifeMinutes, tries } = tx.runtime.policy.emailChange
  const browserHash = browserHashOf(caller)
  const kind = {
    purpose: 'change-email',
    lifeMinutes,
    tries,
    only: sql`u.id = ${userId}`,
    sentTo: next,
  } as const
  const { isRight, tried } = await tryMailedCode(tx, caller, { kind, address: former, browserHash, code })
  const owner =
    isRight && (await consumeToken(tx, caller, tried.token, 'code', sql`t.browser_hash = ${browserHash}`))
  if (owner) return true
  const about = { actorId: userId, subjectId: userId }
  await recordWrongMailedCode(tx, caller, former, { action: 'auth.email_changed', ...about })
  return false
}

/** What was tried stays counted where the proof is wrong; where the address cannot be had, nothing stays. */
async function change(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  method: 'link' | 'code',
  prove: Prove,
): Promise<{ ok: true } | Refusal> {
  const { undoDays } = runtime.policy.emailChange
  const work = inUndoableTransaction<{ ok: true } | Refusal, Refusal>(runtime, async (tx, undo) => {
    const pending = await lockPendingChange(tx, session.userId) // addresses before the user's row
    const own = await continueSession(tx, session)
    if (own === null) throw new SessionOvertaken()
    if (pending === null || !(await prove(tx, pending))) return invalid
    const switched = await switchAddress(tx, session.userId, { change: pending, undoDays })
    if (switched !== 'switched') {
      return undo({ ok: false, reason: switched === 'gone' ? 'invalid' : switched })
    }
    await finish(tx, caller, own, pending, method)
    await runAfterAddressChanged(tx, confirmedAccount(tx, caller, own.userId, pending.next))
    return { ok: true }
  })
  // Whoever gives addresses away asks `admitAddress` first; the unique column is there for whoever does not.
  return orUniqueViolation(work, { ok: false, reason: 'taken' })
}

async function finish(
  tx: Transaction,
  caller: Caller,
  own: ContinuedSession,
  { id, next }: PendingAddressChange,
  method: 'link' | 'code',
): Promise<void> {
  const { userId } = own
  await supersedeTokens(tx, userId)
  const sessions = await endOtherSessions(tx, own)
  await renewSession(tx, caller, own)
  const eventId = await recordAuditEvent(tx, caller, {
    action: 'auth.email_changed',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    targetId: id,
    metadata: { method, sessions },
  })
  await tellAboutChange(tx, { userId, changeId: id, eventId })
  await enqueueNotice(tx, 'emailIsNow', { address: next, eventId })
}
