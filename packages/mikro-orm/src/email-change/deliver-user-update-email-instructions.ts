import { type CanonicalEmail, type EmailAddress, parseEmail } from '@sigra/core'
import { refuseAddress } from '../addresses/admit-address.ts'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Invalid, Limited, Unconfirmed } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { chargeTarget } from '../limits/charge-target.ts'
import { chargeMailClient, chargeMailTarget } from '../mail/charge-mail-sending.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import type { Runtime } from '../runtime.ts'
import { type ContinuedSession, inSessionTransaction } from '../sessions/continue-session.ts'
import { mayDistrustOld } from './may-distrust-old.ts'
import { insertChange } from './pending-change.ts'
import { insertApproval, sendChange } from './send-change.ts'

export type RequestEmailChangeResult =
  | { ok: true }
  | Invalid<'email'>
  /** The old mailbox can be distrusted only by a second factor that was there before. */
  | { ok: false; reason: 'needs-older-factor' }
  | Unconfirmed
  | Limited

const DAY_SECONDS = 86_400

/**
 * Asks for another address: a link and a code go to the new one, a notice to the old one. The answer, its cost and its time
 * are the same for an address that is free, taken or held; the worker finds out. Nothing changes before the new address is
 * proven, and asking reserves it for nobody.
 *
 * @param input.distrustOld Nothing can be undone from the old mailbox afterwards.
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for a session without a fresh sudo.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const deliverUserUpdateEmailInstructions = defineFlow(
  {
    name: 'deliverUserUpdateEmailInstructions',
    principal: 'session',
    changes: true,
    sudo: 'change-email',
    impersonation: 'refused',
    channel: 'account.email_change',
  },
  async (
    runtime: Runtime,
    caller: SudoCaller,
    input: { email: unknown; distrustOld?: boolean },
  ): Promise<RequestEmailChangeResult> => {
    const { session } = caller
    const email = parseEmail(input.email)
    const refused = refuseAddress(runtime, email)
    if (email === null || refused !== null) {
      return {
        ok: false,
        reason: 'invalid',
        errors: { email: [refused ?? { reason: 'not-an-email-address' }] },
      }
    }
    // An address that nobody has proven must not be held for anybody, nor get a way to undo things.
    if (session.user.confirmedAt === null) return { ok: false, reason: 'unconfirmed' }
    const limited = await chargeChange(runtime, caller, email.canonical)
    if (limited) return limited
    const isSent = await chargeMailTarget(runtime, caller, email.canonical)
    const asked = { email, distrustsOld: input.distrustOld === true, isSent }
    return inSessionTransaction<RequestEmailChangeResult, RequestEmailChangeResult>(
      runtime,
      session,
      (tx, own, undo) => request(tx, caller, own, asked, undo),
    )
  },
)

async function chargeChange(
  runtime: Runtime,
  caller: SudoCaller,
  address: CanonicalEmail,
): Promise<Limited | null> {
  const client = await chargeMailClient(runtime, caller, address)
  if (!client.ok) return client
  const bucket = { capacity: runtime.policy.emailChange.perDay, perSeconds: DAY_SECONDS }
  return chargeTarget(
    runtime,
    caller,
    { name: 'email-change.account', subject: caller.session.userId, bucket },
    null,
  )
}

async function request(
  tx: Transaction,
  caller: SudoCaller,
  own: ContinuedSession,
  { email, distrustsOld, isSent }: { email: EmailAddress; distrustsOld: boolean; isSent: boolean },
  undo: (result: RequestEmailChangeResult) => never,
): Promise<RequestEmailChangeResult> {
  const { userId } = own
  if (distrustsOld && !(await mayDistrust(tx, own))) return undo({ ok: false, reason: 'needs-older-factor' })
  const change = await insertChange(tx, own, { ...email, distrustsOld })
  if (!change) return undo({ ok: false, reason: 'invalid', errors: { email: [{ reason: 'same-address' }] } })
  const eventId = await recordAuditEvent(tx, caller, {
    action: 'auth.email_change_requested',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    targetId: change.id,
  })
  await sendChange(tx, caller, { userId, next: email.canonical, isSent })
  if (tx.runtime.policy.emailChange.approveFromOld && !distrustsOld) {
    await insertApproval(tx, { userId, former: change.former, eventId })
  }
  await enqueueNotice(tx, 'emailChangeRequested', { address: change.former, eventId })
  return { ok: true }
}

async function mayDistrust(tx: Transaction, own: ContinuedSession): Promise<boolean> {
  const rows = await tx.rows(sql`
    select from ${tx.tables.user.name} u where u.id = ${own.userId} and ${mayDistrustOld(tx.runtime, own, tx.now)}`)
  return rows.length > 0
}
