import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { logOutUser } from '../log-out/log-out-user.ts'
import { resolveSession } from '../sessions/resolve-session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  race,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { deliverMail, findMail, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { registerInBrowser } from '../testing/test-registration.ts'
import { deliverUserLogInInstructions } from './deliver-user-log-in-instructions.ts'
import { logInUserByMagicCode } from './log-in-user-by-magic-code.ts'
import { logInUserByMagicLink } from './log-in-user-by-magic-link.ts'

describe.each(['uuid', 'bigint'] as const)('a mailed sign-in pressed twice, with %s keys', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  async function ask(user: { email: string }, redirectTo: string | null = null) {
    const browser = createTestCaller()
    await deliverUserLogInInstructions(test.runtime, browser, { email: user.email, redirectTo })
    const { props } = findMail(await deliverMail(test), 'magicLink')
    const press = {
      link: (from: TestCaller) =>
        logInUserByMagicLink(test.runtime, from, { token: tokenOf(props.logInUrl) }),
      code: (from: TestCaller) =>
        logInUserByMagicCode(test.runtime, from, { email: user.email, code: props.code }),
    }
    return { browser, press }
  }
  /** Another request of the same browser, which has seen none of the answers. */
  const again = ({ browserToken }: TestCaller) => createTestCaller({ browserToken })
  const whom = async ({ sessionToken }: TestCaller) =>
    sessionToken && (await resolveSession(test.runtime, sessionToken))?.userId
  const sessionsOf = ({ id }: TestUser) =>
    test.rows(sql`select id::text from user_sessions where user_id = ${id}`)
  const audited = ({ id }: TestUser) => test.rows(sql`select id from audit_events where subject_id = ${id}`)

  it.each(['link', 'code'] as const)(
    'TOK-01 by %s: signs in by the answer that arrived, into the one session',
    async (form) => {
      const user = await createTestUser(test)
      const { browser, press } = await ask(user, '/reports')
      const [first, second] = [again(browser), again(browser)]
      const answer = await press[form](first)
      const [sessions, events] = [await sessionsOf(user), await audited(user)]
      expect(answer).toMatchObject({ ok: true, outcome: 'signed-in', redirectTo: '/reports' })
      expect(await press[form](second)).toEqual(answer)
      expect(await whom(first)).toBeUndefined()
      expect(await whom(second)).toBe(user.id)
      expect(await sessionsOf(user)).toEqual(sessions)
      expect(await audited(user)).toEqual(events)
    },
  )

  it('TOK-01 gives no cookie once the first one came back, and leaves that session alone', async () => {
    const user = await createTestUser(test)
    const { browser, press } = await ask(user)
    const [first, second] = [again(browser), again(browser)]
    await press.link(first)
    expect(await whom(first)).toBe(user.id)
    expect(await press.link(second)).toMatchObject({ ok: true, outcome: 'signed-in' })
    expect({ token: second.sessionToken, cleared: second.cleared }).toEqual({ token: null, cleared: 0 })
    expect(await whom(first)).toBe(user.id)
  })

  it.each([
    ['was ended', (browser: TestCaller) => logOutUser(test.runtime, browser)],
    [
      'is of somebody disabled meanwhile',
      (_: TestCaller, { id }: TestUser) =>
        test.rows(sql`update users set disabled_at = now() where id = ${id}`),
    ],
    [
      'has expired',
      (_: TestCaller, { id }: TestUser) =>
        test.rows(sql`update user_sessions set expires_at = now() where user_id = ${id}`),
    ],
    [
      'was made in another browser',
      (_: TestCaller, { id }: TestUser) =>
        test.rows(sql`update user_sessions set browser_id = sha256('') where user_id = ${id}`),
    ],
  ])('TOK-01 gives no cookie for a session that %s', async (_, change) => {
    const user = await createTestUser(test)
    const { browser, press } = await ask(user)
    const [first, second] = [again(browser), again(browser)]
    await press.link(first)
    await change(first, user)
    expect(await press.link(second)).toMatchObject({ ok: true })
    expect(second.sessionToken).toBeNull()
  })

  it('MFA-01 ends at the same step of the door', async () => {
    const user = await createTestUser(test)
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    const { browser, press } = await ask(user)
    const [first, second] = [again(browser), again(browser)]
    await press.link(first)
    expect(await press.link(second)).toMatchObject({ ok: true, outcome: 'password-change-required' })
    expect((await nextRequest(test.runtime, second)).session?.awaiting).toBe('password-change')
    expect(await sessionsOf(user)).toHaveLength(1)
  })

  it('repeats no refusal', async () => {
    const user = await createTestUser(test)
    const { browser, press } = await ask(user)
    await test.rows(sql`update users set disabled_at = now() where id = ${user.id}`)
    expect(await press.link(again(browser))).toEqual({ ok: false, reason: 'disabled' })
    expect(await press.link(again(browser))).toEqual({ ok: false, reason: 'invalid' })
  })

  it('PRE-06 says again that a stranger’s password is gone', async () => {
    const stranger = await registerInBrowser(test)
    const { browser, press } = await ask(stranger)
    expect(await press.link(again(browser))).toMatchObject({ isPasswordRemoved: true })
    expect(await press.link(again(browser))).toMatchObject({ isPasswordRemoved: true })
    expect(await logInUser(test.runtime, stranger.browser, stranger)).toMatchObject({ ok: false })
  })

  it('TOK-08 has one success and three repeats of sixteen, and one living session', async () => {
    await race('userToken.repeatCount', {
      rounds: 10,
      maxWinners: 4,
      prepare: async () => {
        const user = await createTestUser(test)
        return { user, callers: [] as TestCaller[], ...(await ask(user)) }
      },
      attempt: async ({ browser, press, callers }) => {
        const caller = again(browser)
        callers.push(caller)
        return (await press.link(caller)).ok
      },
      invariant: async ({ user, callers }, winners) => {
        expect(winners).toBe(4)
        expect(await sessionsOf(user)).toHaveLength(1)
        const signedIn = await Promise.all(callers.map(whom))
        expect(signedIn.filter((id) => id === user.id)).toHaveLength(1)
        const [log] = await test.rows(sql`
          select count(*)::int as count from audit_events where subject_id = ${user.id} and action = 'auth.log_in'`)
        expect(log).toEqual({ count: 1 })
      },
    })
  })

  it('TOK-08 keeps a token that came back while the press was repeated, or puts one in its place', async () => {
    await race('userSession.presentedAt', {
      rounds: 20,
      clients: 4,
      maxWinners: 4,
      prepare: async () => {
        const user = await createTestUser(test)
        const { browser, press } = await ask(user)
        const first = again(browser)
        await press.link(first)
        return { user, browser, press, first, callers: [first] }
      },
      attempt: async ({ browser, press, first, callers }, client) => {
        if (client === 0) return (await whom(first)) !== undefined
        const caller = again(browser)
        callers.push(caller)
        return (await press.link(caller)).ok
      },
      invariant: async ({ user, callers }) => {
        const signedIn = await Promise.all(callers.map(whom))
        expect(signedIn.filter((id) => id === user.id)).toHaveLength(1)
      },
    })
  })
})
