import type { CanonicalEmail } from '@sigra/core'
import { type AuditEntry, recordAuditEvent } from '../audit/record-audit-event.ts'
import { hideIdentifier } from '../audit/unknown-identifier.ts'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'

/**
 * Audits that the digits of a mail did not count, for an address that may be nobody's here.
 *
 * @param entry The line of the flow it belongs to.
 */
export async function recordWrongMailedCode(
  tx: Transaction,
  caller: Caller,
  address: CanonicalEmail,
  entry: Pick<AuditEntry, 'action' | 'actorId' | 'subjectId'>,
): Promise<void> {
  const identifier = hideIdentifier(tx.runtime, address)
  const metadata = { method: 'code', reason: 'invalid-code', identifier }
  await recordAuditEvent(tx, caller, { ...entry, outcome: 'failure', metadata })
}
