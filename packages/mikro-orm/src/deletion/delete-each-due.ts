import { type AuditEntry, recordAuditEvent } from '../audit/record-audit-event.ts'
import { DatabaseUnavailable } from '../database/database-unavailable.ts'
import { type Sql, sql } from '../database/sql.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { BY_THE_RUN } from './by-the-run.ts'
import { refusalOf } from './refusal.ts'

/** What one run came to. */
export interface DeletionRun {
  deleted: number
  failed: number
  /** There are more than one run takes, and it went on with some: another is to follow at once. */
  more: boolean
}

interface Deletion<Row> {
  /** At most so many as one run takes. */
  due: readonly Row[]
  most: number
  /** @returns Whether it was there to be deleted: not where another run has it, or somebody is at work there. */
  erase(tx: Transaction, row: Row): Promise<boolean>
  /** How the log of the worker and that of the audit name what a table refused. */
  refused(row: Row): { event: string; fields: Record<string, string>; entry: Omit<AuditEntry, 'outcome'> }
}

const RETRY_HOURS = 1

/**
 * Deletes each in a transaction of its own: a run that is killed leaves every one whole or gone, and the next one goes on. One
 * that a table refuses stays as it is, is in the audit log, and the next one follows.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function deleteEachDue<Row>(runtime: Runtime, deletion: Deletion<Row>): Promise<DeletionRun> {
  const { due, most } = deletion
  const done = { deleted: 0, failed: 0, skipped: 0 }
  for (const row of due) done[await deleteDue(runtime, deletion, row)]++
  const { deleted, failed } = done
  return { deleted, failed, more: due.length >= most && deleted + failed > 0 }
}

/** SQL for whether the deletion of a row was refused within the hour, by what lines `e` of the audit log say of it. */
export function wasRefused({ tables }: Runtime, now: Sql, line: Sql): Sql {
  return sql`exists (
    select from ${tables.auditEvent.name} e
    where ${line} and e.occurred_at > ${now} - ${RETRY_HOURS} * interval '1 hour')`
}

async function deleteDue<Row>(
  runtime: Runtime,
  deletion: Deletion<Row>,
  row: Row,
): Promise<'deleted' | 'failed' | 'skipped'> {
  try {
    return await inTransaction(runtime, async (tx) =>
      (await deletion.erase(tx, row)) ? 'deleted' : 'skipped',
    )
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error
    await recordRefusal(runtime, deletion.refused(row), error)
    return 'failed'
  }
}

/** In a transaction of its own: that of the deletion is gone. */
async function recordRefusal(
  runtime: Runtime,
  { event, fields, entry }: ReturnType<Deletion<never>['refused']>,
  error: unknown,
): Promise<void> {
  const { reason, table } = refusalOf(error)
  runtime.logger.error(event, { ...fields, reason, table })
  const metadata = { reason, ...(table === null ? {} : { table }) }
  await inTransaction(runtime, (tx) =>
    recordAuditEvent(tx, BY_THE_RUN, { ...entry, outcome: 'failure', actorId: null, metadata }),
  )
}
