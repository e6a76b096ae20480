import { type AuditSource, recordAuditEvent } from '../audit/record-audit-event.ts'
import { hideIdentifier } from '../audit/unknown-identifier.ts'
import { sql } from '../database/sql.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { limitKey } from './limit-key.ts'

/** Tells the audit log that a limit refused someone: once per key and window, or a flood would fill it. */
export async function recordRateLimited(
  runtime: Runtime,
  source: AuditSource,
  { name, subject }: { name: string; subject: string },
): Promise<void> {
  await inTransaction(runtime, async (tx) => {
    if (!(await isFirstInWindow(tx, `rate-limited ${name}`, subject))) return
    await recordAuditEvent(tx, source, {
      action: 'security.rate_limited',
      outcome: 'denied',
      metadata: { limit: name, identifier: hideIdentifier(runtime, subject) },
    })
  })
}

/** Takes the one event a key may write per window: one conditional statement, so that of a burst one call wins. */
export async function isFirstInWindow(
  tx: Transaction,
  name: string,
  subject: string,
  windowSeconds = tx.runtime.policy.audit.repeatWindowSeconds,
): Promise<boolean> {
  const { limit } = tx.tables
  const rows = await tx.rows(sql`
    insert into ${limit.name} as l (key, tokens, updated_at)
    values (${limitKey(tx.runtime, name, subject)}, 0, ${tx.now})
    on conflict (key) do update set updated_at = excluded.updated_at
    where l.updated_at <= excluded.updated_at - ${windowSeconds} * interval '1 second'
    returning key`)
  return rows.length > 0
}
