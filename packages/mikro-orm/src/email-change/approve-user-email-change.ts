import { parseMailedToken } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { chargeMailedLink } from '../limits/charge-mailed-link.ts'
import type { Runtime } from '../runtime.ts'
import { consumeToken } from '../tokens/consume-token.ts'
import { recordTokenRefusal } from '../tokens/record-token-refusal.ts'
import { repeatTokenUse } from '../tokens/repeat-token-use.ts'
import { isPending } from './pending-change.ts'

/**
 * Lets a change of address pass, by the link in the mail to the old address. The new address has to be proven all the same.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const approveUserEmailChange = defineFlow(
  {
    name: 'approveUserEmailChange',
    principal: 'mail',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'account.email_change',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { token: unknown },
  ): Promise<{ ok: true } | { ok: false; reason: 'invalid-token' } | Limited> => {
    const token = parseMailedToken(runtime.ring, 'approve-email', input.token)
    if (!token) return { ok: false, reason: 'invalid-token' }
    const limited = await chargeMailedLink(runtime, caller)
    if (limited) return limited
    const isApproved = await inTransaction(runtime, async (tx) => {
      const owner = await consumeToken(tx, caller, token, 'link')
      if (!owner) return false
      const { userId } = owner
      const [change] = await tx.rows<{ id: string }>(sql`
        update ${tx.tables.userEmailChange.name} c set approved_at = ${tx.now}
        where c.user_id = ${userId} and ${isPending(tx.now)} returning c.id::text as id`)
      await recordAuditEvent(tx, caller, {
        action: 'auth.email_change_approved',
        outcome: 'success',
        actorId: userId,
        subjectId: userId,
        targetId: change?.id ?? null,
      })
      return true
    })
    if (isApproved || (await repeatTokenUse(runtime, caller, token, 'link'))) return { ok: true }
    await recordTokenRefusal(runtime, caller, 'auth.email_change_approved', token)
    return { ok: false, reason: 'invalid-token' }
  },
)
