import { encodeBase64Url, type MailedToken } from '@sigra/core'
import type { AuditAction } from '../audit/audit-actions.ts'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { inTransaction } from '../database/transaction.ts'
import { isFirstInWindow } from '../limits/record-rate-limited.ts'
import type { Runtime } from '../runtime.ts'

/** Audits that a link of ours was used in vain: once per link and window, or one old link could fill the log. */
export async function recordTokenRefusal(
  runtime: Runtime,
  caller: Caller,
  action: AuditAction,
  token: MailedToken,
): Promise<void> {
  await inTransaction(runtime, async (tx) => {
    if (!(await isFirstInWindow(tx, `refused ${action}`, encodeBase64Url(token.selector)))) return
    await recordAuditEvent(tx, caller, { action, outcome: 'failure', metadata: { reason: 'invalid-token' } })
  })
}
