import type { Busy, Limited } from '../flow-result.ts'
import { defineFlow, type SudoContext } from '../flows/define-flow.ts'
import { chargeCredentialChange } from '../limits/charge-credential-change.ts'
import type { Runtime } from '../runtime.ts'
import { makeBackupCodes, replaceBackupCodes } from './backup-codes.ts'
import { changeFactors } from './change-factors.ts'

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
  async (runtime: Runtime, ctx: SudoContext): Promise<RegenerateResult> => {
    const { session } = ctx
    const limited = await chargeCredentialChange(runtime, ctx, session.userId)
    if (limited) return limited
    const codes = await makeBackupCodes(runtime, session)
    if (!codes.ok) return codes
    const changed = await changeFactors(runtime, ctx, session, async (tx, { userId }, { isChallenged }) => {
      if (!isChallenged) return { ok: false, reason: 'not-active' } as const
      await replaceBackupCodes(tx, userId, codes)
      return {
        ok: true,
        value: codes.texts,
        entry: { action: 'mfa.codes_regenerated' },
        notice: 'backupCodesReplaced',
      } as const
    })
    return changed.ok ? { ok: true, backupCodes: changed.value } : changed
  },
)
