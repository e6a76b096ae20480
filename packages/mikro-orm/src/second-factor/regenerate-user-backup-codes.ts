import type { Transaction } from '../database/transaction.ts'
import type { Busy, Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import type { ContinuedSession } from '../sessions/continue-session.ts'
import { type NewBackupCodes, replaceBackupCodes } from './backup-codes.ts'
import type { FactorChange } from './change-factors.ts'
import { changeFactorsWithCodes } from './change-factors-with-codes.ts'
import type { Factors } from './factors.ts'

export type RegenerateResult =
  | { ok: true; backupCodes: readonly string[] }
  /** Nothing ever asks for a code. */
  | { ok: false; reason: 'not-active' }
  | Limited
  | Busy

/**
 * Makes ten backup codes in the place of all former ones, shown once. Needs a factor that is not a backup code: whoever
 * found one code would otherwise have ten.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for a session without a fresh sudo.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const regenerateUserBackupCodes = defineFlow(
  {
    name: 'regenerateUserBackupCodes',
    principal: 'session',
    changes: true,
    sudo: 'replace-backup-codes',
    impersonation: 'refused',
    channel: 'mfa.enroll',
  },
  (runtime: Runtime, caller: SudoCaller): Promise<RegenerateResult> =>
    changeFactorsWithCodes(runtime, caller, regenerate),
)

async function regenerate(
  tx: Transaction,
  { userId }: ContinuedSession,
  { isChallenged }: Factors,
  codes: NewBackupCodes,
): Promise<FactorChange<readonly string[]> | { ok: false; reason: 'not-active' }> {
  if (!isChallenged) return { ok: false, reason: 'not-active' }
  await replaceBackupCodes(tx, userId, codes)
  return {
    ok: true,
    value: codes.texts,
    entry: { action: 'mfa.codes_regenerated' },
    notice: 'backupCodesReplaced',
  }
}
