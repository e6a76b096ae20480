import { checkTotp } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { milliseconds, sql } from '../database/sql.ts'
import { databaseNow, statement, type Transaction } from '../database/transaction.ts'
import { proveTotp } from '../door/proof.ts'
import { resumeSignIn } from '../door/resume-sign-in.ts'
import type { Busy, Limited, SignInSuccess, TurnedAway, Unconfirmed } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { chargeCredentialChange } from '../limits/charge-credential-change.ts'
import { type Guess, withGuess } from '../limits/guess.ts'
import type { Runtime } from '../runtime.ts'
import { type ContinuedSession, inSessionTransaction } from '../sessions/continue-session.ts'
import { deleteSessions } from '../sessions/delete-sessions.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { supersedeTokens } from '../tokens/supersede-tokens.ts'
import { makeBackupCodes, type NewBackupCodes, replaceBackupCodes } from './backup-codes.ts'
import { chargeSecondFactor } from './charge-second-factor.ts'
import { clearFailures } from './clear-failures.ts'
import { isOvertaken } from './enrolment-session.ts'
import { readFactors } from './factors.ts'
import { notifyOwner } from './notify-owner.ts'
import { waitingSecret } from './totp-enrolment.ts'
import { enrolmentPlace, openTotp, sealTotp, totpPlace } from './totp-secret.ts'

export type ActivateResult =
  /** The codes are shown now and never again. */
  | (SignInSuccess & { backupCodes: readonly string[] })
  | { ok: false; reason: 'wrong-code' }
  /** Nothing waits for a code here: it was asked for in another session, or activated meanwhile. */
  | { ok: false; reason: 'not-enrolled' }
  | TurnedAway
  | Unconfirmed
  | Limited
  | Busy

interface Waiting {
  rowId: string
  sealed: string
  secret: Uint8Array
  now: Date
}

/**
 * Makes an enrolled authenticator app count, by one of its codes. Credential, backup codes, the end of every other
 * session and the audit line are one transaction, and this session goes through the door again: it has two factors now.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for a session without a fresh sudo that waits for no enrolment, and for one
 *   factor where two are asked for by now.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const activateUserTotp = defineFlow(
  {
    name: 'activateUserTotp',
    principal: 'enrolment',
    changes: true,
    sudo: 'enrol-second-factor',
    impersonation: 'refused',
    channel: 'mfa.enroll',
  },
  async (runtime: Runtime, caller: SudoCaller, input: { code: unknown }): Promise<ActivateResult> => {
    const { session } = caller
    if (session.user.confirmedAt === null) return { ok: false, reason: 'unconfirmed' }
    return withGuess(runtime, (guess) => tryActivation(runtime, caller, session, guess, input.code))
  },
)

async function tryActivation(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  guess: Guess,
  code: unknown,
): Promise<ActivateResult> {
  const limited =
    (await chargeCredentialChange(runtime, caller, session.userId)) ??
    (await chargeSecondFactor(runtime, caller, session.userId, guess))
  if (limited) return limited

  const waiting = await findWaiting(runtime, session)
  if (!waiting) return { ok: false, reason: 'not-enrolled' }
  const windowSteps = runtime.policy.totp.windowSteps === 0 ? 0 : 1
  const checked = checkTotp(waiting.secret, code, waiting.now, null, { windowSteps })
  if (!checked.ok) {
    guess.wasWrong()
    return refuse(runtime, caller, session, checked.reason)
  }
  const codes = await makeBackupCodes(runtime, session)
  return codes.ok ? activate(runtime, caller, session, { waiting, step: checked.step, codes }) : codes
}

async function findWaiting(runtime: Runtime, session: ResolvedSession): Promise<Waiting | null> {
  const { userTotp } = runtime.tables
  const [row] = await statement<{ rowId: string; sealed: string | null; now: number }>(
    runtime,
    sql`
    select f.id::text as "rowId", ${waitingSecret} as sealed, ${milliseconds(databaseNow(runtime))} as now
    from ${userTotp.name} f where f.user_id = ${session.userId}`,
  )
  if (!row || row.sealed === null) return null
  const secret = openTotp(runtime, row.sealed, enrolmentPlace(row.rowId, session))
  return secret && { rowId: row.rowId, sealed: row.sealed, secret, now: new Date(row.now) }
}

async function refuse(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  reason: string,
): Promise<ActivateResult> {
  await inSessionTransaction(runtime, session, (tx, { userId }) =>
    recordAuditEvent(tx, caller, {
      action: 'mfa.activated',
      outcome: 'failure',
      actorId: userId,
      subjectId: userId,
      metadata: { method: 'totp', reason },
    }),
  )
  return { ok: false, reason: 'wrong-code' }
}

async function activate(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  made: { waiting: Waiting; step: number; codes: NewBackupCodes },
): Promise<ActivateResult> {
  const { userId } = session
  return inSessionTransaction<ActivateResult, ActivateResult>(runtime, session, async (tx, own, undo) => {
    const { isChallenged } = await readFactors(tx, own)
    if (isOvertaken(session, isChallenged)) return undo({ ok: false, reason: 'session-ended' })
    if (!(await storeActive(tx, own, made))) return undo({ ok: false, reason: 'not-enrolled' })
    const resumed = await resumeSignIn(tx, caller, own, proveTotp(userId), {
      method: session.awaiting === 'enrolment' ? 'enrolment' : 'totp',
      acceptTrust: false, // the one factor just proven is the reason for coming here
      async meanwhile() {
        await replaceBackupCodes(tx, userId, made.codes)
        await clearFailures(tx, userId)
        await supersedeTokens(tx, userId)
        await recordActivation(tx, caller, own, await deleteSessions(tx, userId))
      },
    })
    return resumed.ok ? { ...resumed, backupCodes: made.codes.texts } : resumed
  })
}

/** Only the very seed the code was of: another tab may have put one in its place meanwhile. */
async function storeActive(
  tx: Transaction,
  own: ContinuedSession,
  { waiting, step }: { waiting: Waiting; step: number },
): Promise<boolean> {
  const sealed = sealTotp(tx.runtime, waiting.secret, totpPlace(waiting.rowId))
  const rows = await tx.rows(sql`
    update ${tx.tables.userTotp.name} f set sealed_secret = ${sealed}, pending_secret = null,
      activated_at = ${tx.now}, last_step = ${step}
    where f.id = ${waiting.rowId} and f.user_id = ${own.userId} and ${waitingSecret} = ${waiting.sealed}
    returning 1`)
  return rows.length === 1
}

async function recordActivation(
  tx: Transaction,
  caller: Caller,
  { userId }: ContinuedSession,
  sessions: number,
): Promise<void> {
  const eventId = await recordAuditEvent(tx, caller, {
    action: 'mfa.activated',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    metadata: { method: 'totp', sessions },
  })
  await notifyOwner(tx, userId, 'secondFactorAdded', eventId)
}
