import type { EntityManager } from '@mikro-orm/postgresql'
import { explainDatabaseError } from './database-unavailable.ts'
import { compile, type Sql } from './sql.ts'

type Executor = ReturnType<EntityManager['getKysely']>
type Compiled = Exclude<Parameters<Executor['executeQuery']>[0], { compile(): unknown }>

/**
 * Runs one statement on the connection of `em`: its transaction's, or any of the pool. Parameters travel beside the
 * text: `em.execute` would write them into it.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function execute<Row>(em: EntityManager, query: Sql): Promise<Row[]> {
  const { text, values } = compile(query)
  const compiled: Compiled = {
    sql: text,
    parameters: values,
    query: { kind: 'RawNode', sqlFragments: [text], parameters: [] },
    queryId: { queryId: 'sigra' },
  }
  try {
    const { rows } = await em.getKysely().executeQuery(compiled)
    return rows as Row[] // the one place where SQL rows get their type
  } catch (error) {
    throw explainDatabaseError(error)
  }
}
