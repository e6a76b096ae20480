import type { CanonicalEmail } from '@sigra/core'
import { sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { chargeTarget } from '../limits/charge-target.ts'
import { chargeMailClient, chargeMailTarget } from '../mail/charge-mail-sending.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import type { Runtime } from '../runtime.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import { isPending, linkLife } from './pending-change.ts'
import { insertApproval, sendChange } from './send-change.ts'

const DAY_SECONDS = 86_400

/**
 * Sends the mail of a change that waits once more: with a new link and code, in place of the former ones, and whole lives
 * for both. Where the old mailbox has to approve and has not, its mail is sent again too.
 *
 * @returns `gone` where nothing waits any more.
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for a session without a fresh sudo.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const resendUserEmailChange = defineFlow(
  {
    name: 'resendUserEmailChange',
    principal: 'session',
    changes: true,
    sudo: 'change-email',
    impersonation: 'refused',
    channel: 'account.email_change',
  },
  async (
    runtime: Runtime,
    caller: SudoCaller,
  ): Promise<{ ok: true } | { ok: false; reason: 'gone' } | Limited> => {
    const { session } = caller
    const { userId } = session
    const { userEmailChange, userToken } = runtime.tables
    const [waiting] = await statement<{ next: CanonicalEmail }>(
      runtime,
      sql`select c.new_email_canonical as next from ${userEmailChange.name} c
        where c.user_id = ${userId} and ${isPending(databaseNow(runtime))}`,
    )
    const client = await chargeMailClient(runtime, caller, waiting?.next ?? null)
    if (!client.ok) return client
    const bucket = { capacity: runtime.policy.emailChange.perDay, perSeconds: DAY_SECONDS }
    const charge = { name: 'email-change.resend', subject: userId, bucket }
    const limited = await chargeTarget(runtime, caller, charge, null)
    if (limited) return limited
    if (!waiting) return { ok: false, reason: 'gone' }
    const isSent = await chargeMailTarget(runtime, caller, waiting.next)
    return inSessionTransaction(runtime, session, async (tx) => {
      const [change] = await tx.rows<{ former: CanonicalEmail; eventId: string | null }>(sql`
        update ${userEmailChange.name} c set expires_at = ${tx.now} + ${linkLife(tx)}
        where c.user_id = ${userId} and c.new_email_canonical = ${waiting.next} and ${isPending(tx.now)}
        returning c.old_email_canonical as former, (
          select max(t.event_id::text) from ${userToken.name} t
          where t.user_id = c.user_id and t.purpose = 'approve-email' and t.superseded_at is null
            and c.approved_at is null
        ) as "eventId"`)
      if (!change) return { ok: false, reason: 'gone' } as const
      const { former, eventId } = change
      await sendChange(tx, caller, { userId, next: waiting.next, isSent })
      if (eventId !== null) {
        await insertApproval(tx, { userId, former, eventId })
        await enqueueNotice(tx, 'emailChangeRequested', { address: former, eventId })
      }
      return { ok: true } as const
    })
  },
)
