import type { EntityManager } from '@mikro-orm/postgresql'
import { DatabaseUnavailable, explainDatabaseError } from './database-unavailable.ts'

type Executor = ReturnType<ReturnType<EntityManager['getKysely']>['getExecutor']>
type Connection = Parameters<Parameters<Executor['provideConnection']>[0]>[0]

const watched = new WeakSet<Connection>()

/**
 * Lets the pool have the connection of a transaction back when it is cut. Kysely gives it back after the rollback, and on a
 * connection that is gone none succeeds: each transaction that is under way while the database is restarted would cost the
 * pool a place for good. The server has rolled back by itself.
 */
export async function giveBackWhenCut(em: EntityManager): Promise<void> {
  await em
    .getKysely()
    .getExecutor()
    .provideConnection(async (connection) => {
      if (watched.has(connection)) return
      watched.add(connection)
      const run = connection.executeQuery.bind(connection)
      connection.executeQuery = async (query, ...rest) => {
        try {
          return await run(query, ...rest)
        } catch (error) {
          const isCut = explainDatabaseError(error) instanceof DatabaseUnavailable
          if (query.sql === 'rollback' && isCut) return { rows: [] }
          throw error
        }
      }
    })
}
