import type { AuditEntry } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Proof } from '../door/proof.ts'
import { resumeSignIn } from '../door/resume-sign-in.ts'
import { renewSession } from '../door/renew-session.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { type Guess, withGuess } from '../limits/guess.ts'
import type { Runtime } from '../runtime.ts'
import { chargeSecondFactor } from '../second-factor/charge-second-factor.ts'
import { readTypedCode } from '../second-factor/typed-code.ts'
import { applyCode } from '../second-factor/apply-code.ts'
import { type ContinuedSession } from '../sessions/continue-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { chargeSudo } from './charge-sudo.ts'
import { checkRecovery } from './check-recovery.ts'
import { recordSudo } from './record-sudo.ts'
import type { SudoResult } from './sudo-by-password.ts'

export interface SecondFactorSudoInput {
  /** Six digits of the authenticator app. */
  code?: unknown
  /** For a lost app: counts beside the password, or beside a mailed code where there is no password. */
  backupCode?: unknown
  password?: unknown
  /** Six digits of a mail, where the account has no password. */
  mailedCode?: unknown
}

export type SecondFactorSudoResult =
  SudoResult | { ok: false; reason: 'already-used' } | { ok: false; reason: 'blocked' } | Limited

/**
 * Gives sudo for a second factor. A code of the app raises a session that had one factor, and raising is a sign-in: the
 * door decides, and a trusted browser does not stand in. A backup code together with what else the person knows opens
 * only what replaces a lost factor, and the owner is told.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and pending sign-ins.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const sudoBySecondFactor = defineFlow(
  {
    name: 'sudoBySecondFactor',
    principal: 'session',
    changes: true,
    sudo: 'given',
    impersonation: 'refused',
    channel: 'session.sudo',
  },
  async (
    runtime: Runtime,
    caller: SudoCaller,
    input: SecondFactorSudoInput,
  ): Promise<SecondFactorSudoResult> => {
    const { session } = caller
    return withGuess(runtime, (guess) => stepUp(runtime, caller, session, guess, input))
  },
)

async function stepUp(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  guess: Guess,
  input: SecondFactorSudoInput,
): Promise<SecondFactorSudoResult> {
  const over =
    (await chargeSudo(runtime, caller, session, guess)) ??
    (await chargeSecondFactor(runtime, caller, session.userId, guess))
  if (over) return over
  const typed = readTypedCode(input)
  if (typed.method === 'backup-code') {
    const beside = await checkRecovery(runtime, caller, session, guess, input)
    if (beside !== 'right') return beside
  }
  const entry = { runtime, caller, session, guess }
  const used = await applyCode<boolean>(entry, typed, async (tx, own, factor, method) => {
    if (method === 'backup-code') return recover(tx, caller, own)
    return own.aal === 2 ? confirm(tx, caller, own) : raise(tx, caller, own, factor)
  })
  if (used.ok) return used.value ? { ok: true } : { ok: false, reason: 'session-ended' }
  if (!('hasEnded' in used)) return used
  return used.reason === 'already-used' ? { ok: false, reason: used.reason } : { ok: false, reason: 'wrong' }
}

/** It has two factors already: nothing is raised. */
async function confirm(tx: Transaction, caller: Caller, own: ContinuedSession): Promise<true> {
  await renewSession(tx, caller, own, { sudo: 'second-factor' })
  await recordSudo(tx, caller, own, 'totp')
  return true
}

async function raise(
  tx: Transaction,
  caller: Caller,
  own: ContinuedSession,
  factor: Proof,
): Promise<boolean> {
  const also = [describeSudo(own)]
  const raised = await resumeSignIn(tx, caller, own, factor, { method: 'totp', acceptTrust: false, also })
  return raised.ok
}

async function recover(tx: Transaction, caller: Caller, own: ContinuedSession): Promise<true> {
  await renewSession(tx, caller, own, { sudo: 'recovery' })
  await recordSudo(tx, caller, own, 'backup-code', 'sudoRecovery')
  return true
}

function describeSudo({ userId }: ResolvedSession): AuditEntry {
  return {
    action: 'session.sudo',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    metadata: { method: 'totp' },
  }
}
