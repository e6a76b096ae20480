import { IsolationLevel } from '@mikro-orm/postgresql'
import { createUuidV7 } from '@sigra/core'
import type { Runtime } from '../runtime.ts'
import type { Table } from '../read-table.ts'
import { explainDatabaseError } from './database-unavailable.ts'
import { execute } from './execute.ts'
import { giveBackWhenCut } from './give-back-when-cut.ts'
import { sql, type Sql } from './sql.ts'
import type { Tables } from '../tables.ts'
import type { TransactionOf } from './transaction-of.ts'

/** What a flow writes with: one connection, all or nothing. */
export interface Transaction extends TransactionOf<Runtime> {}

/**
 * A statement sees what was committed before it, whatever the database or its role has as a default: what waits for a lock
 * reads afterwards what its holder wrote.
 */
const READ_COMMITTED = { isolationLevel: IsolationLevel.READ_COMMITTED }

/**
 * Runs `work` in a transaction of its own, apart from any EntityManager a host works with. Throwing rolls back.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function inTransaction<T>(runtime: Runtime, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const afterwards: (() => void)[] = []
  try {
    const result = await runtime.orm.em.fork().transactional(async (em) => {
      await giveBackWhenCut(em)
      return work({
        rows: (query) => execute(em, query),
        tables: runtime.tables,
        now: databaseNow(runtime),
        em,
        runtime,
        afterCommit: (each) => afterwards.push(each),
      })
    }, READ_COMMITTED)
    for (const each of afterwards) each()
    return result
  } catch (error) {
    throw explainDatabaseError(error)
  }
}

/**
 * Runs one statement that commits by itself.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function statement<Row>(runtime: Runtime, query: Sql): Promise<Row[]> {
  return execute(runtime.orm.em.fork(), query)
}

/** The clock every decision is made by: one clock for all nodes. A scalar subquery, so that it is read once. */
export function databaseNow(runtime: Runtime): Sql {
  const offset = runtime.clockOffset()
  return offset === 0
    ? sql`(select clock_timestamp())`
    : sql`(select clock_timestamp() + ${offset} * interval '1 millisecond')`
}

/** The id of a row about to be inserted: made here for UUIDs, by the table's own sequence for numbers. */
export function newId(tx: Pick<Transaction, 'runtime' | 'tables'>, table: Table): Sql {
  return newIdOf(tx.tables, table, new Date(Date.now() + tx.runtime.clockOffset()))
}

/** The same for who knows no runtime: a hook of an area. */
export function newIdOf({ idType }: Pick<Tables, 'idType'>, table: Table, now: Date): Sql {
  if (idType === 'uuid') return sql`${createUuidV7(now)}::uuid`
  return sql`nextval(pg_get_serial_sequence(${table.quoted}, 'id'))`
}
