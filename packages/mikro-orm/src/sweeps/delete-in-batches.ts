import { sql, type Sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'

const BATCH_ROWS = 1000 // a few milliseconds of locks each

/**
 * Removes what `condition` names, a batch at a time, each in a transaction of its own: no request waits for a sweep.
 * Rows someone is working with are left for the next one.
 *
 * @param condition On the table's alias `x`.
 * @returns How many rows went.
 */
export async function deleteInBatches(
  runtime: Runtime,
  table: Sql,
  condition: Sql,
  batchRows = BATCH_ROWS,
): Promise<number> {
  const batch = sql`
    delete from ${table} where ctid = any(array(
      select x.ctid from ${table} x where ${condition} limit ${batchRows} for update skip locked))
    returning 1`
  return repeatWhileFull(batchRows, async () => (await statement(runtime, batch)).length)
}

/** Repeats work on batches until one is not full. @returns The sum of what each call did. */
export async function repeatWhileFull(batchRows: number, work: () => Promise<number>): Promise<number> {
  let total = 0
  let rows = 0
  do {
    rows = await work()
    total += rows
  } while (rows >= batchRows)
  return total
}
