import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import { supersedeTokens } from '../tokens/supersede-tokens.ts'
import { cancelChange } from './pending-change.ts'

/**
 * Cancels a change of address that was asked for: its links and codes are dead. Where nothing waits, nothing is to be done.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and pending sign-ins.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const cancelUserEmailChange = defineFlow(
  {
    name: 'cancelUserEmailChange',
    principal: 'session',
    changes: true,
    sudo: false, // what is dangerous needs one
    impersonation: 'refused',
    channel: 'account.email_change',
  },
  async (runtime: Runtime, caller: Caller): Promise<{ ok: true }> => {
    const session = signedInSessionOf(caller)
    return inSessionTransaction(runtime, session, async (tx, { userId }) => {
      const id = await cancelChange(tx, userId)
      if (id === null) return { ok: true } as const
      await supersedeTokens(tx, userId, 'change-email')
      await supersedeTokens(tx, userId, 'approve-email')
      await recordAuditEvent(tx, caller, {
        action: 'auth.email_change_cancelled',
        outcome: 'success',
        actorId: userId,
        subjectId: userId,
        targetId: id,
      })
      return { ok: true } as const
    })
  },
)
