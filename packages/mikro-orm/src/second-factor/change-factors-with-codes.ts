import type { Transaction } from '../database/transaction.ts'
import type { Busy, Limited } from '../flow-result.ts'
import type { SudoCaller } from '../flows/define-flow.ts'
import { chargeCredentialChange } from '../limits/charge-credential-change.ts'
import type { Runtime } from '../runtime.ts'
import type { ContinuedSession } from '../sessions/continue-session.ts'
import { makeBackupCodes, type NewBackupCodes } from './backup-codes.ts'
import { changeFactors, type FactorChange } from './change-factors.ts'
import type { Factors } from './factors.ts'

/**
 * `changeFactors` with a fresh set of backup codes at hand, which is hashed before the transaction and charged for before
 * that. The change says which of them its owner is shown.
 *
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function changeFactorsWithCodes<R extends { ok: false }>(
  runtime: Runtime,
  caller: SudoCaller,
  change: (
    tx: Transaction,
    own: ContinuedSession,
    factors: Factors,
    codes: NewBackupCodes,
  ) => Promise<FactorChange<readonly string[]> | R>,
): Promise<{ ok: true; backupCodes: readonly string[] } | R | Limited | Busy> {
  const { session } = caller
  const limited = await chargeCredentialChange(runtime, caller, session.userId)
  if (limited) return limited
  const codes = await makeBackupCodes(runtime, session)
  if (!codes.ok) return codes
  const changed = await changeFactors(runtime, caller, session, (tx, own, factors) =>
    change(tx, own, factors, codes),
  )
  return changed.ok ? { ok: true, backupCodes: changed.value } : changed
}
