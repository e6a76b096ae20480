import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatabaseUnavailable } from '../database/database-unavailable.ts'
import { sql } from '../database/sql.ts'
import {
  createTestCaller,
  createTestRuntime,
  race,
  recordQueries,
  type TestRuntime,
} from '../testing/index.ts'
import { type Charge, chargeLimits } from './charge-limits.ts'

describe('chargeLimits', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime()
  })
  afterAll(() => test.close())

  const fresh = (capacity: number, perSeconds = 60): Charge => ({
    name: 'test',
    subject: randomBytes(8).toString('hex'),
    bucket: { capacity, perSeconds },
  })
  const charge = (...charges: Charge[]) => chargeLimits(test.runtime, charges)

  it('grants as many as the bucket holds, then says when the next one comes', async () => {
    const bucket = fresh(3)
    for (let n = 0; n < 3; n++) expect(await charge(bucket)).toEqual({ ok: true })
    const refused = await charge(bucket)
    expect(refused).toEqual({ ok: false, reason: 'limited', retryAfterSeconds: 20 })
  })

  it('refills evenly, never beyond its capacity', async () => {
    const bucket = fresh(2, 60)
    await charge(bucket)
    await charge(bucket)
    test.advance({ milliseconds: 30_000 })
    expect(await charge(bucket)).toEqual({ ok: true })
    expect(await charge(bucket)).toMatchObject({ ok: false })
    test.advance({ hours: 5 })
    expect([await charge(bucket), await charge(bucket)]).toEqual([{ ok: true }, { ok: true }])
    expect(await charge(bucket)).toMatchObject({ ok: false })
  })

  it('RL-10: takes nothing beyond the bucket that refuses, however many there are', async () => {
    const [network, site, account] = [fresh(1), fresh(2), fresh(2)]
    expect(await charge(network, site, account)).toEqual({ ok: true })
    for (let n = 0; n < 5; n++) expect(await charge(network, site, account)).toMatchObject({ ok: false })
    expect(await charge(fresh(1), site, account)).toEqual({ ok: true }) // the second token of both is still there
    expect(await charge(fresh(1), site, account)).toMatchObject({ ok: false })
  })

  it('leaves target buckets alone when a client bucket refuses', async () => {
    const client = fresh(1)
    const target = fresh(2)
    await charge(client, target)
    for (let n = 0; n < 5; n++) expect(await charge(client, target)).toMatchObject({ ok: false })
    expect(await charge(fresh(1), target)).toEqual({ ok: true }) // its second token is still there
  })

  it('keeps what a client bucket gave when a target bucket refuses', async () => {
    const client = fresh(2)
    const target = fresh(1)
    await charge(client, target)
    expect(await charge(client, target)).toMatchObject({ ok: false })
    expect(await charge(client)).toMatchObject({ ok: false })
  })

  it('needs every target bucket', async () => {
    const [narrow, wide] = [fresh(1), fresh(9)]
    expect(await charge(narrow, wide)).toEqual({ ok: true })
    expect(await charge(narrow, wide)).toMatchObject({ ok: false })
  })

  it('is one statement, however many buckets', async () => {
    const texts = await recordQueries(test.orm, () => charge(fresh(1), fresh(1), fresh(1), fresh(1)))
    expect(texts).toHaveLength(1)
  })

  it('RL-06: lets exactly as many of a parallel burst through as the bucket holds', async () => {
    const winners = await race('limit.tokens', {
      maxWinners: 5,
      prepare: async () => ({ client: fresh(8), target: fresh(5) }),
      attempt: async ({ client, target }) => (await charge(client, target)).ok,
      invariant: async (_, won) => {
        expect(won).toBe(5)
        expect(await test.rows(sql`select from sigra_limits where tokens < 0`)).toEqual([])
      },
    })
    expect(winners).toBe(40 * 5)
  })

  it('RL-06: lets 10 of 60 through at a capacity of 10', async () => {
    const bucket = fresh(10)
    const results = await Promise.all(Array.from({ length: 60 }, () => charge(bucket)))
    expect(results.filter(({ ok }) => ok)).toHaveLength(10)
  })

  it('RL-06: takes what several callers share in one order, so that bursts do not deadlock', async () => {
    const [a, b, site, account] = [fresh(999), fresh(999), fresh(999), fresh(999)]
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, n) => charge(n % 2 ? a : b, site, account)),
    )
    expect(results.every(({ ok }) => ok)).toBe(true)
  })

  it('keeps nothing of an address or a name, only a MAC', async () => {
    await chargeLimits(test.runtime, [{ ...fresh(1), subject: '203.0.113.99' }])
    const rows = await test.rows<{ key: string }>(sql`select key from sigra_limits`)
    for (const { key } of rows) expect(key).toMatch(/^[\w-]{43}$/)
  })

  it('RL-09: writes no row for a target while the client is refused', async () => {
    const client = fresh(1)
    await charge(client)
    const count = async () => (await test.rows(sql`select from sigra_limits`)).length
    const before = await count()
    for (let n = 0; n < 20; n++) await charge(client, fresh(5))
    expect(await count()).toBe(before)
  })

  it('RL-09: lives in an UNLOGGED table', async () => {
    const [row] = await test.rows<{ kind: string }>(
      sql`select relpersistence as kind from pg_class where oid = 'sigra_limits'::regclass`,
    )
    expect(row?.kind).toBe('u')
  })

  it('AUD-04: tells the audit log of a refusal once per key and window, not once per try', async () => {
    const bucket = fresh(1)
    const count = async () =>
      (await test.rows(sql`select from audit_events where action = 'security.rate_limited'`)).length
    const before = await count()
    const tries = () =>
      Promise.all(Array.from({ length: 12 }, () => chargeLimits(test.runtime, [bucket], createTestCaller())))
    await tries()
    expect(await count()).toBe(before + 1)
    test.advance({ minutes: 61 })
    await tries()
    expect(await count()).toBe(before + 2)
  })

  it('RL-08: refuses by throwing when the database is away', async () => {
    const other = await createTestRuntime()
    await other.loseDatabase()
    await expect(chargeLimits(other.runtime, [fresh(9)])).rejects.toThrow(DatabaseUnavailable)
    await other.close()
  })
})
