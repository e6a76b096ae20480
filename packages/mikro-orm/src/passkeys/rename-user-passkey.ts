import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { parseRowId } from '../database/row-id.ts'
import { sql } from '../database/sql.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { chargeCredentialChange } from '../limits/charge-credential-change.ts'
import type { Runtime } from '../runtime.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import { parseNickname } from './nickname.ts'
import { requirePasskeys } from './require-passkeys.ts'

export type RenamePasskeyResult =
  | { ok: true }
  /** Removed, or somebody else's: the same. */
  | { ok: false; reason: 'unknown' }
  /** No name, or one that reads as a link or an address. */
  | { ok: false; reason: 'bad-name' }
  | Limited

/**
 * Gives a passkey of the signed-in user another name.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without passkeys.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const renameUserPasskey = defineFlow(
  {
    name: 'renameUserPasskey',
    principal: 'session',
    changes: true,
    sudo: 'rename-passkey',
    impersonation: 'refused',
    channel: null,
  },
  async (
    runtime: Runtime,
    caller: SudoCaller,
    input: { passkeyId: unknown; nickname: unknown },
  ): Promise<RenamePasskeyResult> => {
    const { userPasskey } = requirePasskeys(runtime).tables
    const { session } = caller
    const limited = await chargeCredentialChange(runtime, caller, session.userId)
    if (limited) return limited
    const nickname = parseNickname(input.nickname)
    const passkeyId = parseRowId(input.passkeyId)
    if (passkeyId === null) return { ok: false, reason: 'unknown' }
    return inSessionTransaction<RenamePasskeyResult>(runtime, session, async (tx, { userId }) => {
      const found = await tx.rows(sql`
        select from ${userPasskey.name} where id::text = ${passkeyId} and user_id = ${userId}`)
      if (found.length === 0) return { ok: false, reason: 'unknown' }
      if (nickname === null) return { ok: false, reason: 'bad-name' }
      await tx.rows(sql`
        update ${userPasskey.name} set nickname = ${nickname} where id::text = ${passkeyId} and user_id = ${userId}`)
      await recordAuditEvent(tx, caller, {
        action: 'passkey.renamed',
        outcome: 'success',
        subjectId: userId,
        targetId: passkeyId,
        metadata: { nickname },
      })
      return { ok: true }
    })
  },
)
