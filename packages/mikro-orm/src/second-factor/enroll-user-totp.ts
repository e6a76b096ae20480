import { createTotpSecret, Impossible } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import type { Limited, TotpEnrolment, Unconfirmed } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { chargeCredentialChange } from '../limits/charge-credential-change.ts'
import { type ContinuedSession, inSessionTransaction } from '../sessions/continue-session.ts'
import type { Runtime } from '../runtime.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'
import { describeEnrolment } from './totp-enrolment.ts'
import { enrolmentPlace, sealTotp } from './totp-secret.ts'

export type EnrollResult = { ok: true; enrolment: TotpEnrolment } | Unconfirmed | Limited

/**
 * Makes a seed for an authenticator app. It counts for nothing until one of its codes was typed, in this session; one
 * that is active stays so until then. Asked twice, the last seed is the one that can be activated.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for a session without a fresh sudo that waits for no enrolment, or for one
 *   factor that would take the place of an app activated meanwhile.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const enrollUserTotp = defineFlow(
  {
    name: 'enrollUserTotp',
    principal: 'enrolment',
    changes: true,
    sudo: 'enrol-second-factor',
    impersonation: 'refused',
    channel: 'mfa.enroll',
  },
  async (runtime: Runtime, caller: SudoCaller): Promise<EnrollResult> => {
    const { session } = caller
    if (session.user.confirmedAt === null) return { ok: false, reason: 'unconfirmed' }
    const limited = await chargeCredentialChange(runtime, caller, session.userId)
    if (limited) return limited
    const secret = createTotpSecret()
    await inSessionTransaction(runtime, session, (tx, own) => storeEnrolment(tx, caller, own, secret))
    return { ok: true, enrolment: describeEnrolment(runtime, session, secret) }
  },
)

async function storeEnrolment(
  tx: Transaction,
  caller: Caller,
  session: ContinuedSession,
  secret: Uint8Array,
): Promise<void> {
  const { userTotp } = tx.tables
  const { userId } = session
  const rowId = await findRowId(tx, session)
  const sealed = sealTotp(tx.runtime, secret, enrolmentPlace(rowId, session))
  const isSecond = session.awaiting === null || session.aal === 2
  const rows = await tx.rows(sql`
    insert into ${userTotp.name} as f (id, user_id, sealed_secret, created_at)
    values (${rowId}, ${userId}, ${sealed}, ${tx.now})
    on conflict (user_id) do update set
      sealed_secret = case when f.activated_at is null then excluded.sealed_secret else f.sealed_secret end,
      pending_secret = case when f.activated_at is null then null else excluded.sealed_secret end,
      created_at = case when f.activated_at is null then excluded.created_at else f.created_at end
    where f.activated_at is null or ${isSecond}
    returning 1`)
  if (rows.length === 0) throw new SudoRequired('One factor does not take the place of two')
  await recordAuditEvent(tx, caller, {
    action: 'mfa.enrolled',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    targetId: rowId,
    metadata: { method: 'totp' },
  })
}

/** The row's id is part of what its seed is bound to, so it is known before. The user is locked: nobody adds one. */
async function findRowId(tx: Transaction, { userId }: ContinuedSession): Promise<string> {
  const { userTotp } = tx.tables
  const [row] = await tx.rows<{ id: string }>(sql`
    select coalesce((select f.id from ${userTotp.name} f where f.user_id = ${userId}), ${newId(tx, userTotp)})::text
      as id`)
  if (!row) throw new Impossible('a select without a from clause returns one row')
  return row.id
}
