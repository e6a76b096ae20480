import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Busy, Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { chargeCredentialChange } from '../limits/charge-credential-change.ts'
import type { Runtime } from '../runtime.ts'
import type { ContinuedSession } from '../sessions/continue-session.ts'
import { deleteBackupCodes, type NewBackupCodes, replaceBackupCodes } from './backup-codes.ts'
import { changeFactors, type FactorChange } from './change-factors.ts'
import { changeFactorsWithCodes } from './change-factors-with-codes.ts'
import type { Factors } from './factors.ts'

export type RequireStepResult =
  /** Codes where there were none: shown now and never again. */
  | { ok: true; backupCodes: readonly string[] }
  /** There is nothing that could be asked for. */
  | { ok: false; reason: 'no-factor' }
  /** It already is so. */
  | { ok: false; reason: 'unchanged' }
  | Limited
  | Busy

type Change = FactorChange<readonly string[]> | { ok: false; reason: 'no-factor' | 'unchanged' }

/**
 * Switches "require a second step" on, for somebody whose only second factor is a passkey: having one does not switch it
 * on. Backup codes come in the same transaction, so that a lost device is never a lock-out.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for a session without a fresh sudo.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const requireUserSecondStep = defineFlow(
  {
    name: 'requireUserSecondStep',
    principal: 'session',
    changes: true,
    sudo: 'require-second-step',
    impersonation: 'refused',
    channel: 'mfa.enroll',
  },
  (runtime: Runtime, caller: SudoCaller): Promise<RequireStepResult> =>
    changeFactorsWithCodes(runtime, caller, switchOn),
)

/**
 * Switches it off.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for a session without a fresh sudo.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const allowUserOneStep = defineFlow(
  {
    name: 'allowUserOneStep',
    principal: 'session',
    changes: true,
    sudo: 'allow-one-step',
    impersonation: 'refused',
    channel: 'mfa.disable',
  },
  async (runtime: Runtime, caller: SudoCaller): Promise<RequireStepResult> => {
    const { session } = caller
    const limited = await chargeCredentialChange(runtime, caller, session.userId)
    if (limited) return limited
    const changed = await changeFactors(runtime, caller, session, switchOff)
    return changed.ok ? { ok: true, backupCodes: changed.value } : changed
  },
)

async function switchOn(
  tx: Transaction,
  own: ContinuedSession,
  factors: Factors,
  codes: NewBackupCodes,
): Promise<Change> {
  if (!factors.hasTotp && !factors.hasAreaFactor) return { ok: false, reason: 'no-factor' }
  if (!(await setRequired(tx, own, true))) return { ok: false, reason: 'unchanged' }
  if (!factors.hasCodes) await replaceBackupCodes(tx, own.userId, codes)
  return {
    ok: true,
    value: factors.hasCodes ? [] : codes.texts,
    entry: { action: 'mfa.activated', metadata: { method: 'second-step' } },
    notice: 'secondFactorAdded',
  }
}

async function switchOff(tx: Transaction, own: ContinuedSession, factors: Factors): Promise<Change> {
  if (!(await setRequired(tx, own, false))) return { ok: false, reason: 'unchanged' }
  // Codes nothing asks for would be forgotten in a drawer until the day they are a way in again.
  if (!factors.hasTotp && !factors.isObliged) await deleteBackupCodes(tx, own.userId)
  return {
    ok: true,
    value: [],
    entry: { action: 'mfa.disabled', metadata: { method: 'second-step' } },
    notice: 'secondFactorRemoved',
  }
}

async function setRequired(
  tx: Transaction,
  { userId }: ContinuedSession,
  isRequired: boolean,
): Promise<boolean> {
  const rows = await tx.rows(sql`
    update ${tx.tables.user.name} set require_second_step = ${isRequired}
    where id = ${userId} and require_second_step <> ${isRequired}
    returning 1`)
  return rows.length === 1
}
