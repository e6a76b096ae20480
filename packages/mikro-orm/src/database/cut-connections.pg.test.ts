import { MikroORM } from '@mikro-orm/postgresql'
import { expect, it } from 'vitest'
import { createTestRuntime } from '../testing/index.ts'
import { DatabaseUnavailable } from './database-unavailable.ts'
import { sql } from './sql.ts'
import { inTransaction, statement } from './transaction.ts'

interface Pool {
  totalCount: number
  idleCount: number
}

it.each(['before a statement', 'before the commit'])(
  'a transaction whose connection is cut %s costs the pool no place',
  async (moment) => {
    const test = await createTestRuntime()
    const pools: Pool[] = []
    const orm = await MikroORM.init({
      entities: Object.values(test.entities),
      clientUrl: test.url,
      ensureDatabase: false,
      driverOptions: { onPoolCreated: (pool: Pool) => pools.push(pool) },
    })
    const runtime = { ...test.runtime, orm }
    for (let time = 0; time < 3; time++) {
      const cut = inTransaction(runtime, async (tx) => {
        const [row] = await tx.rows<{ pid: number }>(sql`select pg_backend_pid() as pid`)
        await test.rows(sql`select pg_terminate_backend(${row?.pid}::int, 5000)`)
        if (moment === 'before a statement') await tx.rows(sql`select 1`)
      })
      await expect(cut).rejects.toThrow(DatabaseUnavailable)
    }
    expect(await statement(runtime, sql`select 1 as one`)).toEqual([{ one: 1 }])
    expect(pools.map(({ totalCount, idleCount }) => totalCount - idleCount)).toEqual([0])
    await orm.close()
    await test.close()
  },
)
