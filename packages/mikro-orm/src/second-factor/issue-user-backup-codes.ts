import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { resumeSignIn } from '../door/resume-sign-in.ts'
import type { Busy, Limited, SignInSuccess, TurnedAway } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { chargeCredentialChange } from '../limits/charge-credential-change.ts'
import type { Runtime } from '../runtime.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { countBackupCodes, makeBackupCodes, type NewBackupCodes, replaceBackupCodes } from './backup-codes.ts'
import { notifyOwner } from './notify-owner.ts'

export type IssueCodesResult =
  | (SignInSuccess & { backupCodes: readonly string[] })
  /** There are codes, or a second factor was not proven: codes are a second factor themselves. */
  | { ok: false; reason: 'not-wanted' }
  | TurnedAway
  | Limited
  | Busy

/**
 * Gives backup codes to somebody who must have them, has a second factor and proved it, and has no code left. The
 * sign-in that waited for this goes through the door again.
 *
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const issueUserBackupCodes = defineFlow(
  {
    name: 'issueUserBackupCodes',
    principal: 'pending',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'mfa.enroll',
  },
  async (runtime: Runtime, caller: Caller): Promise<IssueCodesResult> => {
    const { session } = caller
    if (session?.awaiting !== 'enrolment' || session.aal < 2) return { ok: false, reason: 'not-wanted' }
    const limited = await chargeCredentialChange(runtime, caller, session.userId)
    if (limited) return limited
    const codes = await makeBackupCodes(runtime, session)
    return codes.ok ? issue(runtime, caller, session, codes) : codes
  },
)

async function issue(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  codes: NewBackupCodes,
): Promise<IssueCodesResult> {
  const { userId } = session
  return inSessionTransaction<IssueCodesResult, IssueCodesResult>(runtime, session, async (tx, own, undo) => {
    if ((await countBackupCodes(tx, userId)) > 0) return undo({ ok: false, reason: 'not-wanted' })
    const resumed = await resumeSignIn(tx, caller, own, null, {
      method: 'enrolment',
      acceptTrust: false,
      async meanwhile() {
        await replaceBackupCodes(tx, userId, codes)
        const eventId = await recordAuditEvent(tx, caller, {
          action: 'mfa.codes_regenerated',
          outcome: 'success',
          actorId: userId,
          subjectId: userId,
        })
        await notifyOwner(tx, userId, 'backupCodesReplaced', eventId)
      },
    })
    return resumed.ok ? { ...resumed, backupCodes: codes.texts } : resumed
  })
}
