import { createPasswordHasher } from '@sigra/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import published from '../../../../fixtures/vectors/bcrypt.json' with { type: 'json' }
import { sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { logInUser } from './log-in-user.ts'

const invalid = { ok: false, reason: 'invalid-credentials' }

describe.each(['uuid', 'bigint'] as const)('a stronger hash, with %s keys,', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType })
  })
  afterAll(() => test.close())
  beforeEach(() => {
    test.advance({ hours: 25 }) // every test with full buckets and no failures
  })

  const logIn = (
    email: unknown,
    password: unknown,
    browser = createTestCaller(),
    runtime: Runtime = test.runtime,
  ) => logInUser(runtime, browser, { email, password })
  const events = async (user: TestUser) =>
    test.rows<{ action: string; outcome: string; reason: string | null }>(sql`
      select action, outcome, metadata->>'reason' as reason from audit_events
      where subject_id = ${user.id} order by occurred_at, id`)

  it('is stored on the way, and the audit log says so', async () => {
    const weaker = '$2b$04$zfbyxS0BPqYxS0C1lXxzXuqO6pR/0wKZBqYqTcKb2NVrgZrxbL1Eq'
    const user = await createTestUser(test, { hashedPassword: weaker })
    const verdict = { ok: true, needsRehash: true, upgrade: await test.runtime.hasher.hash(user.password) }
    const runtime = { ...test.runtime, hasher: { ...test.runtime.hasher, verify: async () => verdict } }
    expect(await logIn(user.email, user.password, createTestCaller(), runtime)).toMatchObject({ ok: true })
    expect(await test.rows(sql`select hashed_password as stored from users where id = ${user.id}`)).toEqual([
      { stored: verdict.upgrade },
    ])
    expect((await events(user)).map(({ action }) => action).sort()).toEqual([
      'auth.hash_upgraded',
      'auth.log_in',
    ])
    expect(await logIn(user.email, user.password)).toMatchObject({ ok: true })
  })

  describe('PWD-09: that the host refuses', () => {
    const refusals = {
      'a trigger': [
        sql`create function keep_hash() returns trigger language plpgsql as
          $$ begin if new.hashed_password is distinct from old.hashed_password then raise exception 'kept'; end if; return new; end $$`,
        sql`create trigger keep_hash before update on users for each row execute function keep_hash()`,
      ],
      'a trigger that waits for the commit': [
        sql`create function keep_hash() returns trigger language plpgsql as
          $$ begin if new.hashed_password is distinct from old.hashed_password then raise exception 'kept'; end if; return null; end $$`,
        sql`create constraint trigger keep_hash after update on users deferrable initially deferred
          for each row execute function keep_hash()`,
      ],
      'a constraint': [
        sql`alter table users add constraint keep_hash check (hashed_password not like '%m=16,%') not valid`,
      ],
    }

    it.each(Object.entries(refusals))('lets its owner in, and says so: %s', async (_, statements) => {
      const user = await createTestUser(test)
      const stronger = createPasswordHasher({ memoryKib: 16, passes: 1 })
      for (const statement of statements) await test.rows(statement)
      try {
        test.logged.length = 0
        const browser = createTestCaller()
        const runtime = { ...test.runtime, hasher: stronger }
        expect(await logIn(user.email, user.password, browser, runtime)).toMatchObject({ ok: true })
        expect(browser.sessionToken).not.toBeNull()
        expect((await events(user)).map(({ action }) => action)).toEqual(['auth.log_in'])
        expect(test.logged).toMatchObject([
          { event: 'sigra.improvement_refused', fields: { improvement: 'hash-upgrade' } },
        ])
        expect(JSON.stringify(test.logged)).not.toMatch(/argon2|@example/)
        const [row] = await test.rows<{ n: number }>(sql`
          select failed_password_count as n from users where id = ${user.id}`)
        expect(row).toEqual({ n: 0 })
      } finally {
        await test.rows(sql`drop trigger if exists keep_hash on users`)
        await test.rows(sql`drop function if exists keep_hash`)
        await test.rows(sql`alter table users drop constraint if exists keep_hash`)
        await stronger.close()
      }
    })
  })

  it('PWD-03: does not replace the bcrypt hash of a password that was not compared to its end', async () => {
    const long = published.cases.find(({ password }) => password.length > 72)
    if (long === undefined) throw new Error('the published vectors have a long password')
    const { hash: hashedPassword, password } = long
    const user = await createTestUser(test, { hashedPassword })
    expect(await logIn(user.email, `${password.slice(0, 72)} another end`)).toMatchObject({ ok: true })
    expect(await logIn(user.email, password)).toMatchObject({ ok: true })
    expect(await test.rows(sql`select hashed_password as stored from users where id = ${user.id}`)).toEqual([
      { stored: hashedPassword },
    ])
    expect((await events(user)).map(({ action }) => action)).not.toContain('auth.hash_upgraded')
  })

  it('lets both of two sign-ins in that come while it is stored', async () => {
    const weaker = await createPasswordHasher({ memoryKib: 8, passes: 1 }).hash('correct horse battery')
    const stronger = createPasswordHasher({ memoryKib: 16, passes: 1 })
    const user = await createTestUser(test, { hashedPassword: weaker })
    let compared = 0
    const bothCompared = Promise.withResolvers<void>()
    const verify: typeof stronger.verify = async (stored, password) => {
      const verdict = await stronger.verify(stored, password)
      compared += 1
      if (compared === 2) bothCompared.resolve()
      await bothCompared.promise // neither has stored its hash when the other is compared
      return verdict
    }
    const runtime = { ...test.runtime, hasher: { ...stronger, verify } }
    const browser = createTestCaller()
    const answers = await Promise.all(
      [1, 2].map(() => logIn(user.email, user.password, { ...browser }, runtime)),
    )
    expect(answers).toEqual([1, 2].map(() => ({ ok: true, outcome: 'signed-in', userId: user.id })))
    expect(compared).toBe(3)
    expect(await test.rows(sql`select failed_password_count as n from users where id = ${user.id}`)).toEqual([
      { n: 0 },
    ])
  })

  it('lets no old password in where a reset came between', async () => {
    const user = await createTestUser(test)
    const stronger = await test.runtime.hasher.hash(user.password)
    const replaced = await test.runtime.hasher.hash('another password altogether')
    const runtime = {
      ...test.runtime,
      hasher: {
        ...test.runtime.hasher,
        async verify(stored: string | null, password: string) {
          if (stored === replaced) return test.runtime.hasher.verify(stored, password)
          await test.rows(sql`update users set hashed_password = ${replaced} where id = ${user.id}`)
          return { ok: true, needsRehash: true, upgrade: stronger }
        },
      },
    }
    expect(await logIn(user.email, user.password, createTestCaller(), runtime)).toEqual(invalid)
    expect(
      await test.rows(sql`
        select failed_password_count as n, hashed_password as stored from users where id = ${user.id}`),
    ).toEqual([{ n: 1, stored: replaced }])
  })
})
