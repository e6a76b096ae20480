import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatabaseUnavailable } from '../database/database-unavailable.ts'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { deleteAllUserSessionTokens } from '../sessions/delete-sessions.ts'
import {
  createTestContext,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestRuntime,
} from '../testing/index.ts'
import { logOutUser } from './log-out-user.ts'

describe('logOutUser', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime()
  })
  afterAll(() => test.close())

  async function signedIn(on = test) {
    const user = await createTestUser(on)
    const browser = createTestContext()
    await logInUser(on.runtime, browser, { email: user.email, password: user.password })
    return { user, browser: await nextRequest(on.runtime, browser) }
  }
  const events = (id: string) =>
    test.rows(sql`
      select action, outcome, actor_id = subject_id as own, target_id is not null as named from audit_events
      where subject_id = ${id} and action <> 'auth.log_in'`)

  it('AUD-04: is one event, however often the button is pressed', async () => {
    const { user, browser } = await signedIn()
    await Promise.all([logOutUser(test.runtime, browser), logOutUser(test.runtime, browser)])
    await logOutUser(test.runtime, browser)
    expect(await events(user.id)).toEqual([
      { action: 'auth.log_out', outcome: 'success', own: true, named: true },
    ])
  })

  it('clears the cookie of someone who is not signed in, and writes nothing', async () => {
    const browser = createTestContext()
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
