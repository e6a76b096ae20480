import { sql, type Sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'

const BATCH_ROWS = 1000 // a few milliseconds of locks each
const FOUND_ROWS = 100_000 // their places take a few megabytes

/**
 * Removes what `condition` names: finds it by one reading of the table, which locks nothing, then deletes it a batch at
 * a time, each in a transaction of its own: no request waits for a sweep, however large the table. What has changed
 * since it was found is looked at again; rows someone is working with are left for the next sweep.
 *
 * @param condition On the table's alias `x`.
 * @returns How many rows went.
 */
export async function deleteInBatches(
  runtime: Runtime,
  table: Sql,
  condition: Sql,
  { batchRows = BATCH_ROWS, foundRows = FOUND_ROWS } = {},
): Promise<number> {
  const search = sql`select x.ctid::text as place from ${table} x where ${condition} limit ${foundRows}`
  let total = 0
  let removed = 0
  let found = 0
  do {
    const places = (await statement<{ place: string }>(runtime, search)).map(({ place }) => place)
    found = places.length
    removed = 0
    for (let first = 0; first < found; first += batchRows) {
      const batch = places.slice(first, first + batchRows)
      removed += await deletePlaces(runtime, table, condition, batch)
    }
    total += removed
  } while (found >= foundRows && removed > 0)
  return total
}

async function deletePlaces(
  runtime: Runtime,
  table: Sql,
  condition: Sql,
  places: readonly string[],
): Promise<number> {
  const rows = await statement(
    runtime,
    sql`
    delete from ${table} where ctid = any(array(
      select x.ctid from ${table} x where x.ctid = any(${places}::tid[]) and (${condition}) for update skip locked))
    returning 1`,
  )
  return rows.length
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
