import { encodeBase64Url, type MailedToken } from '@sigra/core'
import type { AuditAction } from '../audit/audit-actions.ts'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { FlowContext } from '../context.ts'
import { inTransaction } from '../database/transaction.ts'
import { chargeLimits } from '../limits/charge-limits.ts'
import type { Runtime } from '../runtime.ts'

/** Audits that a link of ours was used in vain: once per link and window, or one old link could fill the log. */
export async function recordTokenRefusal(
  runtime: Runtime,
  ctx: FlowContext,
  action: AuditAction,
  token: MailedToken,
): Promise<void> {
  const bucket = { capacity: 1, perSeconds: runtime.policy.audit.repeatWindowSeconds }
  const once = { name: 'audit.token', subject: encodeBase64Url(token.selector), bucket }
  if (!(await chargeLimits(runtime, [], [once])).ok) return
  await inTransaction(runtime, (tx) =>
    recordAuditEvent(tx, ctx, { action, outcome: 'failure', metadata: { reason: 'invalid-token' } }),
  )
}
