import { type CanonicalEmail, parseEmail } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { iso, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { suspectFrom } from '../email-change/pending-change.ts'
import type { Invalid, Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { type DeletionBlocker, runBlocksDeletion, runOnDeletionScheduled } from '../hooks.ts'
import { chargeCredentialChange } from '../limits/charge-credential-change.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import type { Runtime } from '../runtime.ts'
import { clearSessionOf } from '../sessions/browser-session.ts'
import { type ContinuedSession, inSessionTransaction } from '../sessions/continue-session.ts'
import { deleteSessions } from '../sessions/delete-sessions.ts'
import { supersedeTokens } from '../tokens/supersede-tokens.ts'
import { dueAt } from './due-at.ts'

export type ScheduleDeletionResult =
  | {
      ok: true
      /** From when on it is due. Until then it can be taken back by logging in. */
      deleteAfter: Date
    }
  | Invalid<'confirmation'>
  /** First something else has to be done; each says what. */
  | { ok: false; reason: 'deletion-blocked'; blockers: readonly DeletionBlocker[] }
  | Limited

/** What is written down of it, as ISO 8601. */
interface Scheduled {
  deleteAfter: string
  suspectSince: string
}

const notTheirs: Invalid<'confirmation'> = {
  ok: false,
  reason: 'invalid',
  errors: { confirmation: [{ reason: 'not-your-address' }] },
}

/**
 * Asks for the deletion of an account, for whoever types its address: everybody is logged out, and until it is due the owner
 * can come in to take it back and for nothing else. Nothing is deleted yet.
 *
 * @param input `confirmation`: the address of the account, in any spelling of it.
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for a session without a fresh sudo; one by a backup code is none.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const scheduleUserDeletion = defineFlow(
  {
    name: 'scheduleUserDeletion',
    principal: 'session',
    changes: true,
    sudo: 'delete-account',
    impersonation: 'refused',
    channel: 'account.delete',
  },
  async (
    runtime: Runtime,
    caller: SudoCaller,
    input: { confirmation: unknown },
  ): Promise<ScheduleDeletionResult> => {
    const { session } = caller
    const limited = await chargeCredentialChange(runtime, caller, session.userId)
    if (limited) return limited
    const typed = parseEmail(input.confirmation)?.canonical
    if (typed === undefined) return notTheirs
    type Result = ScheduleDeletionResult
    return inSessionTransaction<Result, Result>(runtime, session, async (tx, own, undo) => {
      const blockers = await runBlocksDeletion(tx, { userId: own.userId, address: typed })
      if (blockers.length > 0) return undo({ ok: false, reason: 'deletion-blocked', blockers })
      const scheduled = await schedule(tx, own, typed)
      if (scheduled === null) return undo(notTheirs)
      await endEverything(tx, caller, own, { ...scheduled, address: typed })
      return { ok: true, deleteAfter: new Date(scheduled.deleteAfter) }
    })
  },
)

/** @returns `null` where the address is not theirs. */
async function schedule(
  tx: Transaction,
  { userId, authenticatedAt }: ContinuedSession,
  address: CanonicalEmail,
): Promise<Scheduled | null> {
  const [row] = await tx.rows<Scheduled>(sql`
    update ${tx.tables.user.name} u set delete_after = ${dueAt(tx.runtime, sql`t.now`)}, deletion_requested_at = t.now,
      deletion_requested_by = u.id::text, deletion_reminded_at = null, updated_at = t.now
    from (select ${tx.now} as now) t
    where u.id = ${userId} and u.email_canonical = ${address} and u.delete_after is null
    returning ${iso(sql`u.delete_after`)} as "deleteAfter",
      ${iso(suspectFrom(authenticatedAt, sql`t.now`))} as "suspectSince"`)
  return row ?? null
}

async function endEverything(
  tx: Transaction,
  caller: Caller,
  { userId }: ContinuedSession,
  { address, ...scheduled }: Scheduled & { address: CanonicalEmail },
): Promise<void> {
  await clearSessionOf(tx, caller, userId)
  const sessions = await deleteSessions(tx, userId)
  await supersedeTokens(tx, userId)
  await runOnDeletionScheduled(tx, { userId, address })
  const eventId = await recordAuditEvent(tx, caller, {
    action: 'account.deletion_scheduled',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    metadata: { sessions, ...scheduled },
  })
  await enqueueNotice(tx, 'deletionScheduled', { address, eventId })
}
