import { parseMailedToken } from '@sigra/core'
import { recordAreaLine } from '../audit/record-area-line.ts'
import type { Caller } from '../caller.ts'
import { inUndoableTransaction } from '../database/undoable.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { chargeMailedLink } from '../limits/charge-mailed-link.ts'
import type { Runtime } from '../runtime.ts'
import { isTransferOf } from './is-transfer-open.ts'
import { requireOrganizations } from './require-organizations.ts'
import { endTransfers, takeBackTransfer } from './take-back-transfer.ts'

export type UndoTransferResult =
  | { ok: true; organization: string }
  /** Undone, too old, or there is nobody to give it back to: one answer. */
  | { ok: false; reason: 'invalid' }
  | Limited

/**
 * Takes the transfer of an organization back, by the link that its owners were mailed, signed in or not: whoever handed it over is
 * an owner again, and whoever became one by it, or by whom it made one, is what they were before.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const undoOrganizationTransfer = defineFlow(
  {
    name: 'undoOrganizationTransfer',
    principal: 'mail',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'organization.change',
  },
  async (runtime: Runtime, caller: Caller, input: { token: unknown }): Promise<UndoTransferResult> => {
    const area = requireOrganizations(runtime)
    const over = { ok: false, reason: 'invalid' } as const
    const token = parseMailedToken(runtime.ring, 'transfer', input.token)
    if (!token) return over
    const limited = await chargeMailedLink(runtime, caller)
    if (limited) return limited
    return inUndoableTransaction<UndoTransferResult, UndoTransferResult>(runtime, async (tx, undo) => {
      const [ended] = await endTransfers(tx, area, isTransferOf(token, tx.now))
      if (ended === undefined) return over
      const isBack = await takeBackTransfer(tx, area, ended, (line) => recordAreaLine(tx, caller, line))
      return isBack ? { ok: true, organization: ended.name } : undo(over)
    })
  },
)
