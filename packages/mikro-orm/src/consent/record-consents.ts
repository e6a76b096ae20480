import { type AuditSource, recordAuditEvent } from '../audit/record-audit-event.ts'
import { sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'
import { type Document, documentKey } from './documents.ts'

/**
 * Writes that somebody accepted documents, in the versions of now. Accepted twice is accepted once, and audited once.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function recordConsents(
  tx: Transaction,
  source: AuditSource,
  userId: UserId,
  accepted: readonly Document[],
): Promise<void> {
  const { userConsent } = tx.tables
  const written: string[] = []
  for (const document of accepted) {
    const rows = await tx.rows(sql`
      insert into ${userConsent.name} (id, user_id, document, version, accepted_at)
      values (${newId(tx, userConsent)}, ${userId}, ${document.name}, ${document.version}, ${tx.now})
      on conflict (user_id, document, version) do nothing
      returning 1`)
    if (rows.length > 0) written.push(documentKey(document))
  }
  if (written.length === 0) return
  await recordAuditEvent(tx, source, {
    action: 'account.consented',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    metadata: { documents: written.join(' ') },
  })
}

/** Forgets what was accepted by whoever registered: somebody else, it turned out. */
export async function forgetConsents(tx: Transaction, userId: UserId): Promise<void> {
  if (tx.runtime.documents.length === 0) return
  await tx.rows(sql`delete from ${tx.tables.userConsent.name} where user_id = ${userId}`)
}
