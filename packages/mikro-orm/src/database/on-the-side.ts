import { DatabaseUnavailable } from './database-unavailable.ts'
import { execute } from './execute.ts'
import { sql } from './sql.ts'
import type { Transaction } from './transaction.ts'

/**
 * Does, as the last thing of a transaction, what would be an improvement and is no duty: under a savepoint, so that what a
 * host's trigger or constraint refuses, a deferred one included, is as if it had never been tried, and is logged. What
 * the rest of the transaction did stays.
 *
 * @param name What was tried, for the log.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function onTheSide(
  tx: Transaction,
  name: string,
  work: (tx: Transaction) => Promise<void>,
): Promise<void> {
  try {
    await tx.em.transactional(async (em) => {
      const inner: Transaction = { ...tx, em, rows: (query) => execute(em, query) }
      await work(inner)
      await inner.rows(sql`set constraints all immediate`)
    })
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error
    // No message: it may quote the row.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    tx.runtime.logger.warn('sigra.improvement_refused', { improvement: name, code })
  }
}
