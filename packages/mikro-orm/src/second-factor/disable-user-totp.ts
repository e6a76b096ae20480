import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Busy, Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import type { ContinuedSession } from '../sessions/continue-session.ts'
import { deleteBackupCodes, type NewBackupCodes, replaceBackupCodes } from './backup-codes.ts'
import type { FactorChange } from './change-factors.ts'
import { changeFactorsWithCodes } from './change-factors-with-codes.ts'
import type { Factors } from './factors.ts'

export type DisableResult =
  /** Fresh codes where another factor is still asked for as the second step; else none are left. */
  | { ok: true; backupCodes: readonly string[] }
  | { ok: false; reason: 'not-active' }
  /** The policy demands a second factor and there is no other: put another app in its place instead. */
  | { ok: false; reason: 'required' }
  | Limited
  | Busy

/**
 * Takes the authenticator app away. Where nothing is left to be asked for, the backup codes and the wish for a second
 * step go with it; where another factor is, codes are made anew.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for a session without a fresh sudo.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const disableUserTotp = defineFlow(
  {
    name: 'disableUserTotp',
    principal: 'session',
    changes: true,
    sudo: 'disable-second-factor',
    impersonation: 'refused',
    channel: 'mfa.disable',
  },
  (runtime: Runtime, caller: SudoCaller): Promise<DisableResult> =>
    changeFactorsWithCodes(runtime, caller, disable),
)

async function disable(
  tx: Transaction,
  { userId }: ContinuedSession,
  factors: Factors,
  codes: NewBackupCodes,
): Promise<FactorChange<readonly string[]> | { ok: false; reason: 'not-active' | 'required' }> {
  const { user, userTotp } = tx.tables
  if (!factors.hasTotp) return { ok: false, reason: 'not-active' }
  if (factors.isObliged && !factors.hasAreaFactor) return { ok: false, reason: 'required' }
  await tx.rows(sql`delete from ${userTotp.name} where user_id = ${userId}`)
  const isStillAsked = factors.hasAreaFactor && (factors.isObliged || factors.requiresSecondStep)
  if (isStillAsked) await replaceBackupCodes(tx, userId, codes)
  else {
    await deleteBackupCodes(tx, userId)
    await tx.rows(sql`update ${user.name} set require_second_step = false where id = ${userId}`)
  }
  return {
    ok: true,
    value: isStillAsked ? codes.texts : [],
    entry: { action: 'mfa.disabled', metadata: { method: 'totp' } },
    notice: 'secondFactorRemoved',
  }
}
