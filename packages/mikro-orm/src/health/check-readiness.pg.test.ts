import { describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { createTestRuntime, type TestRuntime } from '../testing/index.ts'
import { checkReadiness } from './check-readiness.ts'

/** What the test host has. */
const all = ['passkeys', 'organizations']

async function beat(test: TestRuntime, areas: readonly string[], secondsAgo = 0): Promise<void> {
  await test.rows(sql`insert into sigra_workers (pool_id, seen_at, areas)
    values (gen_random_uuid()::text, clock_timestamp() - ${secondsAgo} * interval '1 second', ${areas})`)
}

describe('checkReadiness', () => {
  it('says that all is well', async () => {
    const test = await createTestRuntime()
    await beat(test, all)
    expect(await checkReadiness(test.runtime)).toEqual({
      database: 'up',
      migrations: 'current',
      mailQueue: 'ok',
    })
    await test.close()
  })

  it('says that the database is down', async () => {
    const test = await createTestRuntime()
    await test.loseDatabase()
    expect(await checkReadiness(test.runtime)).toEqual({
      database: 'down',
      migrations: 'unknown',
      mailQueue: 'degraded',
    })
    await test.close()
  })

  it.each(['alter table users drop column must_change_password', 'drop table sigra_limits'])(
    'says that migrations are missing: %s',
    async (text) => {
      const test = await createTestRuntime()
      await test.orm.em.fork().execute(text)
      expect(await checkReadiness(test.runtime)).toMatchObject({ database: 'up', migrations: 'pending' })
      await test.close()
    },
  )

  it('says that mail has been waiting for long, but not that some waits for its next try', async () => {
    const test = await createTestRuntime()
    await beat(test, all)
    const queue = (minutes: number) =>
      test.rows(sql`
        select from graphile_worker.add_job('sigra.mail', '{}'::json,
          run_at := clock_timestamp() + ${minutes} * interval '1 minute')`)
    await queue(5)
    await queue(-9)
    expect(await checkReadiness(test.runtime)).toMatchObject({ mailQueue: 'ok' })
    await queue(-11)
    expect(await checkReadiness(test.runtime)).toMatchObject({ mailQueue: 'degraded' })
    await test.close()
  })

  it('does not speak of jobs of the host, which may wait as long as they like', async () => {
    const test = await createTestRuntime()
    await beat(test, all)
    await test.rows(sql`
      select from graphile_worker.add_job('invoices.send', '{}'::json,
        run_at := clock_timestamp() - interval '1 hour')`)
    expect(await checkReadiness(test.runtime)).toMatchObject({ mailQueue: 'ok' })
    await test.close()
  })

  it.each([
    ['no worker lives', []],
    ['the one that lives has not the areas of this process', [[[], 0]]],
    ['the one that has them was not seen for a minute', [[all, 61]]],
    ['the one that lives has others', [[['toys'], 0]]],
  ] as const)('says that mail will wait where %s', async (_, workers) => {
    const test = await createTestRuntime()
    for (const [areas, secondsAgo] of workers) await beat(test, areas, secondsAgo)
    expect(await checkReadiness(test.runtime)).toMatchObject({ mailQueue: 'degraded' })
    await beat(test, [...all, 'toys'])
    expect(await checkReadiness(test.runtime)).toMatchObject({ mailQueue: 'ok' })
    await test.close()
  })

  it('says so when there is no queue at all', async () => {
    const test = await createTestRuntime()
    await test.rows(sql`drop schema graphile_worker cascade`)
    expect(await checkReadiness(test.runtime)).toMatchObject({ database: 'up', mailQueue: 'degraded' })
    await test.close()
  })
})
