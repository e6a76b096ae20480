import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { resumeSignIn } from '../door/resume-sign-in.ts'
import type { Limited, SignInSuccess } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { chargeCredentialChange } from '../limits/charge-credential-change.ts'
import type { Runtime } from '../runtime.ts'
import { notifyOwner } from '../second-factor/notify-owner.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import { keepAccount } from './keep-account.ts'

export type CancelDeletionResult =
  | SignInSuccess
  /** No sign-in waits here to keep its account, the deletion is due, or the door turns it away by now. */
  | { ok: false; reason: 'ended' }
  | Limited

/**
 * Takes the deletion of an account back, for whoever passed every factor and was sent here by the door, and goes through the
 * door again with what they had proven.
 *
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const cancelUserDeletion = defineFlow(
  {
    name: 'cancelUserDeletion',
    principal: 'pending',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'account.delete',
  },
  async (runtime: Runtime, caller: Caller): Promise<CancelDeletionResult> => {
    const { session } = caller
    if (session?.awaiting !== 'reactivation') return { ok: false, reason: 'ended' }
    const limited = await chargeCredentialChange(runtime, caller, session.userId)
    if (limited) return limited
    type Result = CancelDeletionResult
    return inSessionTransaction<Result, Result>(runtime, session, async (tx, own, undo) => {
      const { userId } = own
      const keep = async () => {
        if (!(await keepAccount(tx, userId))) return undo({ ok: false, reason: 'ended' })
        const eventId = await recordAuditEvent(tx, caller, {
          action: 'account.deletion_cancelled',
          outcome: 'success',
          actorId: userId,
          subjectId: userId,
        })
        return notifyOwner(tx, userId, 'deletionCancelled', eventId)
      }
      const resumed = await resumeSignIn(tx, caller, own, null, { method: 'reactivation', meanwhile: keep })
      return resumed.ok ? resumed : undo({ ok: false, reason: 'ended' })
    })
  },
)
