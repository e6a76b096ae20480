import type { CanonicalEmail } from '@sigra/core'
import { type AuditEntry, recordAuditEvents } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import type { UserId } from '../user-id.ts'
import type { InsertedSession } from './insert-session.ts'
import type { SignInOptions, SignInOutcome } from './sign-in.ts'

/** What a notice needs to reach the owner. */
interface Opened {
  session: InsertedSession
  address: CanonicalEmail
}

type Recorded =
  Extract<SignInOutcome, { outcome: 'refused' }> | (Exclude<SignInOutcome, { outcome: 'refused' }> & Opened)

/** Writes what came of a proof, in one statement: the sign-in itself, and what it brought with it. */
export async function recordSignIn(
  tx: Transaction,
  caller: Caller,
  userId: UserId,
  result: Recorded,
  options: SignInOptions,
): Promise<void> {
  if (result.outcome === 'refused') {
    const entries = [describeRefusal(userId, result.reason, options), ...alsoAfter(result.reason, options)]
    await recordAuditEvents(tx, caller, entries)
    return
  }
  const entries = [
    describeSignIn(userId, result, options),
    ...(options.also ?? []),
    ...describeSession(userId, result),
  ]
  const ids = await recordAuditEvents(tx, caller, entries)
  const eventId = ids[entries.findIndex(({ action }) => action === 'security.new_browser')]
  if (eventId !== undefined) await enqueueNotice(tx, 'newSignIn', { address: result.address, eventId })
}

function describeRefusal(userId: UserId, reason: string, options: SignInOptions): AuditEntry {
  return {
    action: 'auth.log_in_failed',
    outcome: reason === 'changed' ? 'failure' : 'denied',
    actorId: null,
    subjectId: userId,
    metadata: { method: options.method, reason, ...options.metadata },
  }
}

/** Only who is disabled had everything right: what was done on the way stays done. */
function alsoAfter(reason: string, options: SignInOptions): readonly AuditEntry[] {
  return reason === 'disabled' ? (options.also ?? []) : []
}

function describeSignIn(
  userId: UserId,
  { outcome, sessionId, session }: Extract<Recorded, Opened>,
  options: SignInOptions,
): AuditEntry {
  return {
    action: 'auth.log_in',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    targetId: sessionId,
    metadata: {
      method: options.method,
      result: outcome,
      ...(session.trustedBy ? { reason: 'trusted-browser' } : {}),
      ...(session.rule === null ? {} : { rule: session.rule }),
      ...(session.rule === null || session.requiredBy === null ? {} : { requiredBy: session.requiredBy }),
      ...options.metadata,
    },
  }
}

function describeSession(userId: UserId, { sessionId, session }: Extract<Recorded, Opened>): AuditEntry[] {
  const about = { outcome: 'success', actorId: userId, subjectId: userId, targetId: sessionId } as const
  const entries: AuditEntry[] = []
  if (session.capped > 0) {
    entries.push({ ...about, action: 'session.capped', metadata: { sessions: session.capped } })
  }
  if (session.isNewBrowser) entries.push({ ...about, action: 'security.new_browser' })
  if (session.isTrusted && !session.trustedBy) entries.push({ ...about, action: 'mfa.browser_trusted' })
  return entries
}
