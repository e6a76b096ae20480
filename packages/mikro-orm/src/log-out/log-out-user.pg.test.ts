import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatabaseUnavailable } from '../database/database-unavailable.ts'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { deleteAllUserSessionTokens } from '../sessions/delete-sessions.ts'
import { resolveSession } from '../sessions/resolve-session.ts'
import { sudoByPassword } from '../sudo/sudo-by-password.ts'
import { SessionOvertaken } from '../sessions/continue-session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { orOvertaken, signInTestUser } from '../testing/test-session.ts'
import { logOutUser } from './log-out-user.ts'

describe('logOutUser', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime()
  })
  afterAll(() => test.close())

  async function signedIn(on = test) {
    const user = await createTestUser(on)
    const browser = createTestCaller()
    await logInUser(on.runtime, browser, { email: user.email, password: user.password })
    return { user, browser: await nextRequest(on.runtime, browser) }
  }
  const events = (id: string) =>
    test.rows(sql`
      select action, outcome, actor_id = subject_id as own, target_id is not null as named from audit_events
      where subject_id = ${id} and action <> 'auth.log_in'`)

  async function sessionsOf({ id }: TestUser): Promise<number> {
    return (await test.rows(sql`select from user_sessions where user_id = ${id}`)).length
  }

  it('AUD-04: is one event, however often the button is pressed', async () => {
    const { user, browser } = await signedIn()
    const press = () => orOvertaken(logOutUser(test.runtime, browser))
    expect((await Promise.all([press(), press()])).filter((answer) => answer?.ok)).toHaveLength(1)
    await press()
    expect(await events(user.id)).toEqual([
      { action: 'auth.log_out', outcome: 'success', own: true, named: true },
    ])
  })

  it.each([
    [
      'is disabled',
      async ({ id }: TestUser) => {
        await test.rows(sql`update users set disabled_at = clock_timestamp() where id = ${id}`)
        return () => test.rows(sql`update users set disabled_at = null where id = ${id}`)
      },
    ],
    [
      'has idled out',
      async () => {
        test.advance({ hours: 25 })
        return () => test.advance({ hours: -25 })
      },
    ],
  ])('SESS-06 AUD-04: ends the session of somebody who %s, for good', async (_, putOut) => {
    const { user, browser } = await signedIn()
    const token = browser.sessionToken
    const bringBack = await putOut(user)
    await nextRequest(test.runtime, browser)
    expect(browser.session).toBeNull()
    await logOutUser(test.runtime, browser)
    expect(browser.cleared).toBe(1)
    await bringBack()
    expect(token && (await resolveSession(test.runtime, token))).toBeNull()
    expect(await events(user.id)).toEqual([
      { action: 'auth.log_out', outcome: 'success', own: true, named: true },
    ])
  })

  it('SESS-13: ends a sign-in that waits, of somebody disabled meanwhile too', async () => {
    const user = await createTestUser(test)
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    const browser = await signInTestUser(test, user)
    expect(browser.session?.awaiting).toBe('password-change')
    await test.rows(sql`update users set disabled_at = clock_timestamp() where id = ${user.id}`)
    await logOutUser(test.runtime, await nextRequest(test.runtime, browser))
    expect(await sessionsOf(user)).toBe(0)
  })

  it('SESS-20: ends no session that goes by another token, and leaves the cookie alone', async () => {
    const { user, browser } = await signedIn()
    const { session, sessionToken } = browser
    const stale = createTestCaller({ session, sessionToken })
    await sudoByPassword(test.runtime, browser, { password: user.password })
    const before = await events(user.id)
    await expect(logOutUser(test.runtime, stale)).rejects.toThrow(SessionOvertaken)
    await expect(logOutUser(test.runtime, await nextRequest(test.runtime, stale))).rejects.toThrow(
      SessionOvertaken,
    )
    expect(stale.cleared).toBe(0)
    expect(await sessionsOf(user)).toBe(1)
    expect(await events(user.id)).toEqual(before)
  })

  it('clears the cookie of someone who is not signed in, and writes nothing', async () => {
    const browser = createTestCaller()
    expect(await logOutUser(test.runtime, browser)).toEqual({ ok: true })
    expect(browser.cleared).toBe(1)
  })

  it('keeps the cookie when the database is away: a session that lives must not be forgotten', async () => {
    const other = await createTestRuntime()
    const { browser } = await signedIn(other)
    await other.loseDatabase()
    await expect(logOutUser(other.runtime, browser)).rejects.toThrow(DatabaseUnavailable)
    expect(browser.cleared).toBe(0)
    await other.close()
  })

  it('AUD-04: signing out everywhere is one event', async () => {
    const { user } = await signedIn()
    await deleteAllUserSessionTokens(test.runtime, user.id)
    expect(await events(user.id)).toEqual([
      { action: 'session.revoked_all', outcome: 'success', own: null, named: false },
    ])
  })
})
