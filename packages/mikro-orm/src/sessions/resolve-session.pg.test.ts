import { createSessionToken, encodeBase64Url, parseSessionToken, type SessionToken } from '@sigra/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DatabaseUnavailable } from '../database/database-unavailable.ts'
import { sql, type Sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { logOutUser } from '../log-out/log-out-user.ts'
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
import { inTransaction } from '../database/transaction.ts'
import { continueSession } from './continue-session.ts'
import { listUserSessions } from './list-user-sessions.ts'
import { deleteAllUserSessionTokens } from './delete-sessions.ts'
import { resolveSession } from './resolve-session.ts'

describe('resolveSession', () => {
  let test: TestRuntime
  let user: TestUser
  beforeAll(async () => {
    test = await createTestRuntime({ sessionUser: ['displayName'] })
  })
  afterAll(() => test.close())
  beforeEach(async () => {
    user = await createTestUser(test)
    test.advance({ hours: 2 }) // every test with full buckets
  })

  async function signIn(browser: TestCaller, rememberMe = false): Promise<SessionToken> {
    const result = await logInUser(test.runtime, browser, {
      email: user.email,
      password: user.password,
      rememberMe,
    })
    if (!browser.sessionToken) throw new Error(`not signed in: ${JSON.stringify(result)}`)
    return browser.sessionToken
  }
  const resolve = (token: SessionToken) => resolveSession(test.runtime, token)

  it('is one statement, prepared once', async () => {
    const token = await signIn(createTestCaller())
    const texts = await recordQueries(test.orm, () => resolve(token))
    expect(texts).toHaveLength(1)
    const prepared = await recordQueries(test.orm, async () => {
      for (let n = 0; n < 5; n++) await resolve(token)
    })
    expect(new Set(prepared)).toEqual(new Set(texts))
  })

  it('needs no prepared statement behind a transaction pooler', async () => {
    const token = await signIn(createTestCaller())
    const runtime = { ...test.runtime, preparedStatements: false }
    expect(await resolveSession(runtime, token)).toMatchObject({ userId: user.id })
  })

  it('IMP-12: finds nobody by a row of somebody who acts as another, where no area knows of it', async () => {
    const [browser, token] = await signInHere()
    const own = await resolve(token)
    if (!own) throw new Error('not signed in')
    await impersonate(own.id)
    expect(await resolve(token)).toBeNull()
    expect(await inTransaction(test.runtime, (tx) => continueSession(tx, own))).toBeNull()
    expect(await listUserSessions(test.runtime, { ...browser, session: own })).toEqual([])
  })

  it.each([
    ['a row of any other session', sql`null`, true],
    ['a row whose time to write is not over', sql`now() + interval '1 year'`, true],
    ['a row whose time to write is over', sql`now() - interval '1 year'`, false],
  ])('IMP-10: says of %s whether it may change anything', async (_, until, mayWrite) => {
    const [, token] = await signInHere()
    await test.rows(
      sql`update user_sessions set write_until = (${until})::timestamptz where user_id = ${user.id}`,
    )
    expect(await resolve(token)).toMatchObject({ mayWrite })
  })

  it('ends a session together with the one that acts by it', async () => {
    const [, parked] = await signInHere()
    const [, token] = await signInHere()
    await impersonate(String((await resolve(token))?.id), String((await resolve(parked))?.id))
    await test.rows(sql`delete from user_sessions where id::text = ${(await resolve(parked))?.id ?? null}`)
    expect(await test.rows(sql`select from user_sessions where user_id = ${user.id}`)).toEqual([])
  })

  async function signInHere(): Promise<[TestCaller, SessionToken]> {
    const browser = createTestCaller()
    return [browser, await signIn(browser)]
  }

  /** As a row that an area made which is not there: the session of whoever acts by it is parked. */
  async function impersonate(id: string, by = id): Promise<void> {
    await test.rows(
      sql`update user_sessions set impersonator_session_id = ${by}::uuid where id = ${id}::uuid`,
    )
  }

  it('INJ-12: gives listed columns only', async () => {
    await test.rows(sql`update users set display_name = 'Ada' where id = ${user.id}`)
    const session = await resolve(await signIn(createTestCaller()))
    expect(session?.user).toEqual({
      id: user.id,
      email: user.email,
      confirmedAt: expect.any(Date),
      displayName: 'Ada',
    })
    expect(JSON.stringify(session)).not.toContain('argon2id')
  })

  it('knows nothing of a token nobody was given', async () => {
    expect(await resolve(createSessionToken())).toBeNull()
  })

  it('SESS-05: takes no stored hash for a token', async () => {
    await signIn(createTestCaller())
    const [row] = await test.rows<{ hash: Buffer }>(
      sql`select token_hash as hash from user_sessions where user_id = ${user.id}`,
    )
    const stolen = parseSessionToken(encodeBase64Url(new Uint8Array(row?.hash ?? [])))
    if (!stolen) throw new Error('a hash is as long as a token: this test would prove nothing')
    expect(await resolve(stolen)).toBeNull()
  })

  it('SESS-08: ends after 24 hours without a request, and stays ended however often it is asked for', async () => {
    const token = await signIn(createTestCaller())
    test.advance({ hours: 24, milliseconds: -2000 })
    expect(await resolve(token)).not.toBeNull()
    test.advance({ hours: 24, milliseconds: 2000 })
    expect(await resolve(token)).toBeNull()
    expect(await resolve(token)).toBeNull()
  })

  it('SESS-08: no activity carries it past 7 days', async () => {
    const token = await signIn(createTestCaller())
    for (let hours = 0; hours < 7 * 24 - 12; hours += 12) {
      test.advance({ hours: 12 })
      expect(await resolve(token)).not.toBeNull()
    }
    test.advance({ hours: 12, milliseconds: 2000 })
    expect(await resolve(token)).toBeNull()
  })

  it('SESS-08: remembered, it idles for 30 days and lives for 60', async () => {
    const token = await signIn(createTestCaller(), true)
    test.advance({ days: 29 })
    expect(await resolve(token)).toMatchObject({ remembered: true })
    test.advance({ days: 29 })
    expect(await resolve(token)).not.toBeNull()
    test.advance({ days: 2, milliseconds: 2000 })
    expect(await resolve(token)).toBeNull()
  })

  it('SESS-08: remembered, it ends after 30 days without a request', async () => {
    const token = await signIn(createTestCaller(), true)
    test.advance({ days: 30, milliseconds: 2000 })
    expect(await resolve(token)).toBeNull()
    expect(await resolve(token)).toBeNull()
  })

  it('writes down when it was last seen at most once in 5 minutes', async () => {
    const token = await signIn(createTestCaller())
    const lastSeen = async () => {
      const [row] = await test.rows<{ at: string }>(
        sql`select last_seen_at::text as at from user_sessions where user_id = ${user.id}`,
      )
      return row?.at
    }
    const before = await lastSeen()
    test.advance({ minutes: 4 })
    await resolve(token)
    expect(await lastSeen()).toBe(before)
    test.advance({ minutes: 2 })
    await resolve(token)
    expect(await lastSeen()).not.toBe(before)
  })

  it('SESS-11: ends with the next request once the user is disabled or deleted', async () => {
    const token = await signIn(createTestCaller())
    await test.rows(sql`update users set disabled_at = clock_timestamp() where id = ${user.id}`)
    expect(await resolve(token)).toBeNull()
    await test.rows(sql`update users set disabled_at = null where id = ${user.id}`)
    expect(await resolve(token)).not.toBeNull()
    await test.rows(sql`delete from users where id = ${user.id}`)
    expect(await resolve(token)).toBeNull()
  })

  it('DEL-03: ends with the next request once a deletion lies ahead, is due or has been', async () => {
    const token = await signIn(createTestCaller())
    const set = (change: Sql) => test.rows(sql`update users set ${change} where id = ${user.id}`)
    for (const change of [
      sql`delete_after = clock_timestamp() + interval '1 day'`,
      sql`delete_after = clock_timestamp()`,
      sql`delete_after = null, deleted_at = clock_timestamp()`,
    ]) {
      await set(change)
      expect(await resolve(token)).toBeNull()
    }
    await set(sql`deleted_at = null`)
    expect(await resolve(token)).not.toBeNull()
  })

  it('SESS-02: a new sign-in in the same browser kills the former token at once', async () => {
    const browser = createTestCaller()
    const former = await signIn(browser)
    await nextRequest(test.runtime, browser)
    const token = await signIn(browser)
    expect(token).not.toBe(former)
    expect(await resolve(former)).toBeNull()
    expect(await resolve(token)).not.toBeNull()
  })

  it('SESS-02: a sign-in as somebody else ends the former session of an account that is disabled', async () => {
    const browser = createTestCaller()
    const former = await signIn(browser)
    await test.rows(sql`update users set disabled_at = clock_timestamp() where id = ${user.id}`)
    const { email, password } = await createTestUser(test)
    await logInUser(test.runtime, await nextRequest(test.runtime, browser), { email, password })
    await test.rows(sql`update users set disabled_at = null where id = ${user.id}`)
    expect(await resolve(former)).toBeNull()
  })

  it('SESS-06: log-out deletes the row; a replayed token is anonymous', async () => {
    const browser = createTestCaller()
    const token = await signIn(browser)
    await nextRequest(test.runtime, browser)
    expect(await logOutUser(test.runtime, browser)).toEqual({ ok: true })
    expect(browser.cleared).toBe(1)
    expect(await resolve(token)).toBeNull()
    expect(await test.rows(sql`select from user_sessions where user_id = ${user.id}`)).toEqual([])
  })

  it('SESS-10: signing out everywhere ends every session of the user and no other', async () => {
    const [here, there] = [await signIn(createTestCaller()), await signIn(createTestCaller())]
    const other = await createTestUser(test)
    const bystander = createTestCaller({ clientAddress: '203.0.113.5' })
    await logInUser(test.runtime, bystander, { email: other.email, password: other.password })
    expect(await deleteAllUserSessionTokens(test.runtime, user.id)).toBe(2)
    expect([await resolve(here), await resolve(there)]).toEqual([null, null])
    expect((await nextRequest(test.runtime, bystander)).session).toMatchObject({ userId: other.id })
  })

  it('SESS-13: a sign-in that waits is no session, never slides, and log-out wipes it', async () => {
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    const browser = createTestCaller()
    const token = await signIn(browser, true)
    expect(browser.maxAgeSeconds).toBeNull()
    test.advance({ minutes: 20 })
    expect(await resolve(token)).toMatchObject({ awaiting: 'password-change', remembered: true })
    expect(
      await test.rows(
        sql`select from user_sessions where user_id = ${user.id} and last_seen_at = created_at`,
      ),
    ).toHaveLength(1)
    test.advance({ minutes: 9 })
    expect(await resolve(token)).not.toBeNull()
    test.advance({ minutes: 1, milliseconds: 2000 })
    expect(await resolve(token)).toBeNull()

    const again = createTestCaller()
    await signIn(again)
    await nextRequest(test.runtime, again)
    await logOutUser(test.runtime, again)
    expect(
      await test.rows(sql`select from user_sessions where user_id = ${user.id} and expires_at > ${at()}`),
    ).toEqual([])
  })

  it('throws when the database is away: nobody is anonymous by accident', async () => {
    const other = await createTestRuntime()
    await other.loseDatabase()
    await expect(resolveSession(other.runtime, createSessionToken())).rejects.toThrow(DatabaseUnavailable)
    await other.close()
  })

  const at = () => sql`(clock_timestamp() + ${test.runtime.clockOffset()} * interval '1 millisecond')`
})
