import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MikroORM } from '@mikro-orm/postgresql'
import { createTestRuntime, type TestRuntime } from '../testing/index.ts'
import { identifier, milliseconds, sql } from './sql.ts'
import { databaseNow, inTransaction, statement } from './transaction.ts'

describe('inTransaction', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime()
    await test.rows(sql`create table notes (text text)`)
  })
  afterAll(() => test.close())

  const notes = async () =>
    (await test.rows<{ text: string }>(sql`select text from notes`)).map(({ text }) => text)

  it('keeps everything or nothing, and what waits for the commit waits in vain for a rollback', async () => {
    const done: string[] = []
    await expect(
      inTransaction(test.runtime, async (tx) => {
        await tx.rows(sql`insert into notes values ('lost')`)
        tx.afterCommit(() => done.push('lost'))
        throw new Error('stop')
      }),
    ).rejects.toThrow('stop')
    await inTransaction(test.runtime, async (tx) => {
      await tx.rows(sql`insert into notes values ('kept')`)
      tx.afterCommit(() => done.push('kept'))
    })
    expect(await notes()).toEqual(['kept'])
    expect(done).toEqual(['kept'])
  })

  it('shares its connection with its EntityManager', async () => {
    await expect(
      inTransaction(test.runtime, async (tx) => {
        await tx.em.execute(`insert into notes values ('from the host')`)
        throw new Error('stop')
      }),
    ).rejects.toThrow('stop')
    expect(await notes()).not.toContain('from the host')
  })

  it.each(['repeatable read', 'serializable'])(
    'sees what is committed meanwhile, also in a database whose transactions are %s',
    async (level) => {
      const options = `-c default_transaction_isolation=${level.replace(' ', '\\ ')}`
      const orm = await MikroORM.init({
        entities: Object.values(test.entities),
        clientUrl: test.url,
        driverOptions: { options },
      })
      const runtime = { ...test.runtime, orm }
      const [{ usual } = { usual: '' }] = await statement<{ usual: string }>(
        runtime,
        sql`select current_setting('default_transaction_isolation') as usual`,
      )
      await test.rows(sql`create table if not exists visits (number int)`)
      const [before, after] = await inTransaction(runtime, async (tx) => {
        const count = async () => (await tx.rows(sql`select from visits`)).length
        const first = await count()
        await test.rows(sql`insert into visits values (1)`)
        return [first, await count()]
      })
      await orm.close()
      expect(usual).toBe(level)
      expect(after).toBe((before ?? 0) + 1)
    },
  )

  it('INJ-10: takes any text as a value: quotes, question marks, dollars, backslashes', async () => {
    const text = `'; drop table notes; -- ? ?? $1 \\' \u202e é`
    const [row] = await statement<{ text: string }>(test.runtime, sql`select ${text}::text as text`)
    expect(row?.text).toBe(text)
  })

  it('reads instants as milliseconds, whatever date style the database has', async () => {
    await test.rows(sql`set datestyle to 'SQL, DMY'`)
    const [row] = await test.rows<{ at: number }>(
      sql`select ${milliseconds(sql`'2026-02-03 04:05:06.789+00'::timestamptz`)} as at`,
    )
    expect(new Date(row?.at ?? 0).toISOString()).toBe('2026-02-03T04:05:06.789Z')
  })

  it('has the clock of the database, moved by the offset of tests alone', async () => {
    const read = async () => {
      const [row] = await test.rows<{ seconds: number }>(
        sql`select extract(epoch from ${databaseNow(test.runtime)} - clock_timestamp())::float8 as seconds`,
      )
      return row?.seconds ?? Number.NaN
    }
    expect(await read()).toBeCloseTo(0, 1)
    test.advance({ hours: 2 })
    expect(await read()).toBeCloseTo(7200, 1)
  })

  it('quotes the names of tables', async () => {
    expect(await test.rows(sql`select from ${identifier('public', 'notes')}`)).toHaveLength(1)
  })
})
