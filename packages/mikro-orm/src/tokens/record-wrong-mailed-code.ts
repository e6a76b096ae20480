import type { CanonicalEmail } from '@sigra/core'
import { type AuditEntry, recordAuditEvent } from '../audit/record-audit-event.ts'
import { hideIdentifier } from '../audit/unknown-identifier.ts'
import type { FlowContext } from '../context.ts'
import { inTransaction } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'

/**
 * Audits that the digits of a mail did not count, for an address that may be nobody's here.
 *
 * @param entry The line of the flow it belongs to.
 */
export async function recordWrongMailedCode(
  runtime: Runtime,
  ctx: FlowContext,
  address: CanonicalEmail,
  entry: Pick<AuditEntry, 'action' | 'actorId' | 'subjectId'>,
): Promise<void> {
  const metadata = { method: 'code', reason: 'invalid-code', identifier: hideIdentifier(runtime, address) }
  await inTransaction(runtime, (tx) => recordAuditEvent(tx, ctx, { ...entry, outcome: 'failure', metadata }))
}
