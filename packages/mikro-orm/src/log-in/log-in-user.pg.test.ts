import { createSessionToken, Overloaded } from '@sigra/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DatabaseUnavailable } from '../database/database-unavailable.ts'
import { sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'
import { resolveSession } from '../sessions/resolve-session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  recordQueries,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { logInUser } from './log-in-user.ts'

const invalid = { ok: false, reason: 'invalid-credentials' }

describe.each(['uuid', 'bigint'] as const)('logInUser with %s keys', (idType) => {
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
  const logInAs = (user: TestUser, browser: TestCaller) => logIn(user.email, user.password, browser)
  const events = async (user: TestUser) =>
    test.rows<{ action: string; outcome: string; reason: string | null }>(sql`
      select action, outcome, metadata->>'reason' as reason from audit_events
      where subject_id = ${user.id} order by occurred_at, id`)

  it('signs a confirmed user in, for as long as the window is open', async () => {
    const user = await createTestUser(test)
    const browser = createTestCaller()
    expect(await logInAs(user, browser)).toEqual({ ok: true, outcome: 'signed-in', userId: user.id })
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      userId: user.id,
      user: { id: user.id, email: user.email, confirmedAt: expect.any(Date) },
      awaiting: null,
      aal: 1,
      amr: ['pwd'],
      remembered: false,
    })
    expect(browser.maxAgeSeconds).toBeNull()
  })

  it('remembers who asks for it for 60 days', async () => {
    const user = await createTestUser(test)
    const browser = createTestCaller()
    await logInUser(test.runtime, browser, { email: user.email, password: user.password, rememberMe: true })
    expect(browser).toMatchObject({ remembered: true, maxAgeSeconds: 60 * 86_400 })
  })

  it('takes the address in any case and the password in any Unicode spelling', async () => {
    const user = await createTestUser(test, {
      email: `Ada.${idType}@Example.COM`,
      password: 'caf\u00e9 caf\u00e9 caf\u00e9',
    })
    expect(await logIn(`ada.${idType}@example.com`, 'cafe\u0301 caf\u00e9 cafe\u0301')).toMatchObject({
      ok: true,
    })
    expect(await logIn(user.email, 'CAF\u00e9 caf\u00e9 caf\u00e9')).toEqual(invalid)
  })

  it('ENUM-01: answers alike for unknown, wrong, unconfirmed, without password and deleted', async () => {
    const [user, unconfirmed, without, deleted] = [
      await createTestUser(test),
      await createTestUser(test, { confirmed: false }),
      await createTestUser(test, { hashedPassword: null }),
      await createTestUser(test),
    ]
    await test.rows(sql`delete from users where id = ${deleted.id}`)
    const browsers = Array.from({ length: 5 }, () => createTestCaller())
    const answers = [
      await logIn('nobody@example.com', user.password, browsers[0]),
      await logIn(user.email, 'not the password', browsers[1]),
      await logIn(unconfirmed.email, unconfirmed.password, browsers[2]),
      await logIn(without.email, without.password, browsers[3]),
      await logIn(deleted.email, deleted.password, browsers[4]),
    ]
    expect(answers).toEqual(answers.map(() => invalid))
    expect(browsers.map(({ sessionToken, cleared }) => [sessionToken, cleared])).toEqual(
      browsers.map(() => [null, 0]),
    )
  })

  it('ENUM-03: tells that an account is disabled only to who knows its password', async () => {
    const user = await createTestUser(test)
    await test.rows(sql`update users set disabled_at = clock_timestamp() where id = ${user.id}`)
    expect(await logIn(user.email, 'not the password')).toEqual(invalid)
    const browser = createTestCaller()
    expect(await logInAs(user, browser)).toEqual({ ok: false, reason: 'disabled' })
    expect(browser.sessionToken).toBeNull()
    expect(await test.rows(sql`select from user_sessions where user_id = ${user.id}`)).toEqual([])
  })

  it('TOK-10 switches mailed codes on again that too many wrong ones had switched off', async () => {
    const user = await createTestUser(test)
    await test.rows(sql`update users set failed_code_count = 20 where id = ${user.id}`)
    expect(await logIn(user.email, user.password)).toMatchObject({ ok: true })
    expect(await test.rows(sql`select failed_code_count as wrong from users where id = ${user.id}`)).toEqual([
      { wrong: 0 },
    ])
  })

  it('sends who must change the password to do so, with nothing in hand but that', async () => {
    const user = await createTestUser(test)
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    const browser = createTestCaller()
    expect(await logInAs(user, browser)).toMatchObject({ ok: true, outcome: 'password-change-required' })
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({ awaiting: 'password-change' })
    expect(await test.rows(sql`select from user_known_browsers where user_id = ${user.id}`)).toEqual([])
  })

  it('SESS-01: never adopts a token the browser brought along', async () => {
    const user = await createTestUser(test)
    const planted = createSessionToken()
    const browser = createTestCaller()
    browser.sessionToken = planted
    await logInAs(user, await nextRequest(test.runtime, browser))
    expect(browser.sessionToken).not.toBe(planted)
    expect(await resolveSession(test.runtime, planted)).toBeNull()
  })

  it('needs at most 3 statements before the hash and 6 in the transaction after it', async () => {
    const user = await createTestUser(test)
    let before = 0
    const texts = await recordQueries(test.orm, async (soFar) => {
      const runtime = whenHashing(test.runtime, async () => {
        before = soFar.length
      })
      expect(await logIn(user.email, user.password, createTestCaller(), runtime)).toMatchObject({ ok: true })
    })
    const after = texts.slice(before)
    expect(before).toBeLessThanOrEqual(3)
    expect(after.length).toBeLessThanOrEqual(6) // `begin` and `commit` included
    expect(after.filter((text) => /^begin|^start transaction/i.test(text))).toHaveLength(1)
    expect(texts.slice(0, before).join()).not.toMatch(/\bbegin\b|start transaction/i)
  })

  it('holds no connection while it hashes', async () => {
    const user = await createTestUser(test)
    const pool = await test.orm.em.getConnection().getNativeClient()
    let busy = Number.NaN
    const runtime = whenHashing(test.runtime, async () => {
      busy = pool.totalCount - pool.idleCount
    })
    await logIn(user.email, user.password, createTestCaller(), runtime)
    expect(busy).toBe(0)
  })

  it('signs nobody in whose password was reset while the old one was compared', async () => {
    const user = await createTestUser(test)
    const runtime = whenHashing(test.runtime, async () => {
      await test.rows(sql`update users set hashed_password = 'another' where id = ${user.id}`)
    })
    const browser = createTestCaller()
    expect(await logIn(user.email, user.password, browser, runtime)).toEqual(invalid)
    expect(browser.sessionToken).toBeNull()
    expect(await events(user)).toEqual([
      { action: 'auth.log_in_failed', outcome: 'failure', reason: 'changed' },
    ])
  })

  it('ENUM-01: refuses known and unknown accounts with the same statements', async () => {
    const user = await createTestUser(test)
    const seen = []
    for (const email of [user.email, 'nobody-has-this-either@example.com']) {
      seen.push(
        await recordQueries(test.orm, async () => {
          expect(await logIn(email, 'a wrong guess')).toEqual(invalid)
        }),
      )
    }
    expect(seen[1]).toEqual(seen[0])
  })

  it('is busy when too many wait for a hash, and counts no attempt that was not made', async () => {
    const user = await createTestUser(test)
    const runtime = whenHashing(test.runtime, () => Promise.reject(new Overloaded('full', 2)))
    for (let n = 0; n < 4; n++) {
      expect(await logIn(user.email, user.password, createTestCaller(), runtime)).toEqual({
        ok: false,
        reason: 'busy',
        retryAfterSeconds: 2,
      })
    }
    expect(await test.rows(sql`select failed_password_count as n from users where id = ${user.id}`)).toEqual([
      { n: 0 },
    ])
  })

  it('PWD-01, PWD-03: what is too long or unreadable is wrong before anything is looked up or hashed', async () => {
    const user = await createTestUser(test)
    for (const password of [
      'x'.repeat(1_000_000),
      'a\0bcdefghijklm',
      'ab\ud800cdefghijklm',
      undefined,
      ['a'],
      {},
    ]) {
      test.advance({ minutes: 2 })
      const calls = test.runtime.hasher.calls
      expect(await logIn(user.email, password)).toEqual(invalid)
      expect(test.runtime.hasher.calls).toBe(calls)
    }
    expect(await test.rows(sql`select failed_password_count as n from users where id = ${user.id}`)).toEqual([
      { n: 0 },
    ])
  })

  it('takes anything for an address without falling over', async () => {
    for (const email of [
      '',
      'no address',
      'a\0b@example.com',
      '\ud800@example.com',
      'x'.repeat(100_000),
      7,
      null,
      [],
    ]) {
      test.advance({ minutes: 2 })
      expect(await logIn(email, 'whatever it may be')).toEqual(invalid)
    }
  })

  it('RL-02: lets 10 a minute of one network through, whatever accounts they name', async () => {
    const startedAt = Date.now()
    const tries = Array.from({ length: 30 }, (_, n) => logIn(`somebody-${n}@example.com`, 'some password'))
    const results = await Promise.all(tries)
    const most = 10 + Math.floor((Date.now() - startedAt) / 6000) // one is given back every six seconds
    const granted = results.filter((result) => !result.ok && result.reason === 'invalid-credentials').length
    expect(granted).toBeGreaterThanOrEqual(10)
    expect(granted).toBeLessThanOrEqual(most)
    const waits = results.flatMap((result) =>
      'retryAfterSeconds' in result ? [result.retryAfterSeconds] : [],
    )
    expect(waits).toHaveLength(30 - granted)
    for (const seconds of waits) expect([1, 2, 3, 4, 5, 6]).toContain(seconds)
  })

  it('RL-08: lets nobody in when the database is away', async () => {
    const other = await createTestRuntime({ idType })
    const user = await createTestUser(other)
    await other.loseDatabase()
    const browser = createTestCaller()
    await expect(
      logInUser(other.runtime, browser, { email: user.email, password: user.password }),
    ).rejects.toThrow(DatabaseUnavailable)
    expect(browser.sessionToken).toBeNull()
    await other.close()
  })

  it('AUD-04: writes exactly one event for each outcome', async () => {
    const [user, unconfirmed, disabled] = [
      await createTestUser(test),
      await createTestUser(test, { confirmed: false }),
      await createTestUser(test),
    ]
    await test.rows(sql`update users set disabled_at = clock_timestamp() where id = ${disabled.id}`)
    await logIn(user.email, 'not the password')
    await logInAs(user, createTestCaller())
    await logInAs(unconfirmed, createTestCaller())
    await logInAs(disabled, createTestCaller())
    expect(await events(user)).toEqual([
      { action: 'auth.log_in_failed', outcome: 'failure', reason: 'wrong-password' },
      { action: 'auth.log_in', outcome: 'success', reason: null },
    ])
    expect(await events(unconfirmed)).toEqual([
      { action: 'auth.log_in_failed', outcome: 'denied', reason: 'unconfirmed' },
    ])
    expect(await events(disabled)).toEqual([
      { action: 'auth.log_in_failed', outcome: 'denied', reason: 'disabled' },
    ])
  })

  it('INJ-03: keeps nothing of what was typed when nobody has that name: it may be a password', async () => {
    const typed = 'hunter2-canary@example.com'
    await logIn(typed, 'password-canary-1')
    await logIn('just-a-password-canary', 'password-canary-2')
    const rows = await test.rows(sql`select audit_events.*::text as line from audit_events`)
    const all = JSON.stringify([rows, test.logged, await test.rows(sql`select * from sigra_limits`)])
    expect(all).not.toContain('canary')
    const [row] = await test.rows<{ identifier: string }>(sql`
      select metadata->>'identifier' as identifier from audit_events
      where metadata->>'reason' = 'unknown' order by occurred_at desc limit 1`)
    expect(row?.identifier).toMatch(/^[\w-]{43}$/)
  })
})

/** A runtime that does something at the moment a password is compared. */
function whenHashing(runtime: Runtime, act: () => Promise<void>): Runtime {
  const { hasher } = runtime
  return {
    ...runtime,
    hasher: {
      ...hasher,
      async verify(phc, password) {
        await act()
        return hasher.verify(phc, password)
      },
    },
  }
}
