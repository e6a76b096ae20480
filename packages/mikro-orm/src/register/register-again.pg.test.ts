import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { confirmUser } from '../confirm/confirm-user.ts'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  race,
  recordQueries,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail } from '../testing/test-registration.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { registerUser } from './register-user.ts'

const password = 'a lonely lighthouse keeper'
const other = 'another lighthouse keeper'

describe('an address registered again', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  const register = (browser: TestCaller, email: string, typed = password, displayName = 'Ada') =>
    registerUser(test.runtime, browser, { email, password: typed }, { fields: { displayName } })
  const canLogIn = async (email: string, typed: string) =>
    (await logInUser(test.runtime, createTestCaller(), { email, password: typed })).ok
  const eventsOf = async (email: string) =>
    (await readAudit(test, email)).map(({ action, outcome }) => `${action} ${outcome}`)

  it('PRE-08 within a minute, in the same browser, is one registration: the last password, one mail', async () => {
    const [browser, email] = [createTestCaller(), createTestEmail()]
    await register(browser, email)
    expect(await register(browser, email, other, 'Grace')).toEqual({ ok: true })
    const mailbox = await deliverMail(test)
    expect(mailbox).toMatchObject({ sent: [{ kind: 'confirmAddress' }], dropped: [] })
    expect(await eventsOf(email)).toEqual(['auth.register success'])
    const names = await test.rows(sql`select display_name as name from users where email = ${email}`)
    expect(names).toEqual([{ name: 'Grace' }])
    const token = tokenOf(findMail(mailbox, 'confirmAddress').props.confirmUrl)
    expect(await confirmUser(test.runtime, browser, { token })).toMatchObject({ ok: true })
    expect([await canLogIn(email, password), await canLogIn(email, other)]).toEqual([false, true])
  })

  it('later, is mailed a confirmation again, and no reset', async () => {
    const [browser, email] = [createTestCaller(), createTestEmail()]
    await register(browser, email)
    await deliverMail(test)
    test.advance({ milliseconds: 60_001 })
    await register(browser, email, other)
    const { props } = findMail(await deliverMail(test), 'confirmAddress')
    expect(await confirmUser(test.runtime, browser, { token: tokenOf(props.confirmUrl) })).toMatchObject({
      ok: true,
    })
    expect(await canLogIn(email, other)).toBe(true)
  })

  it('PRE-09 in another browser changes nothing', async () => {
    const email = createTestEmail()
    await register(createTestCaller(), email)
    const before = await test.rows(sql`select to_jsonb(u) as row from users u where email = ${email}`)
    await register(createTestCaller(), email, other, 'Mallory')
    expect(await test.rows(sql`select to_jsonb(u) as row from users u where email = ${email}`)).toEqual(
      before,
    )
    expect((await readQueue(test)).map(({ kind }) => kind)).toEqual(['confirmAddress', 'resetPassword'])
  })

  it('changes nothing once it is confirmed, in its own browser too', async () => {
    const user = await createTestUser(test)
    const browser = createTestCaller()
    await register(browser, user.email, other)
    await register(browser, user.email, other)
    expect([await canLogIn(user.email, user.password), await canLogIn(user.email, other)]).toEqual([
      true,
      false,
    ])
    expect((await readQueue(test)).map(({ kind }) => kind)).toEqual(['alreadyRegistered'])
  })

  it('ENUM-05 costs the same statements and one hash, free or taken, the first time and the second', async () => {
    const user = await createTestUser(test)
    const { hasher } = test.runtime
    const count = async (browser: TestCaller, email: string) => {
      const before = hasher.calls
      const { length } = await recordQueries(test.orm, () => register(browser, email))
      return { statements: length, hashes: hasher.calls - before }
    }
    const [mine, theirs] = [createTestCaller(), createTestCaller()]
    const free = createTestEmail()
    for (const _ of [1, 2]) {
      const ofFree = await count(mine, free)
      expect(ofFree).toMatchObject({ hashes: 1 })
      expect(await count(theirs, user.email)).toEqual(ofFree)
    }
  })

  it('mails after all where the first try was undone', async () => {
    const [browser, email] = [createTestCaller(), createTestEmail()]
    const inTransaction = () => {
      throw new Error('no')
    }
    await registerUser(test.runtime, browser, { email, password }, { inTransaction })
    await register(browser, email)
    expect((await readQueue(test)).map(({ kind }) => kind)).toEqual(['confirmAddress'])
  })

  it('PRE-16 changes nothing after the life of its link, in its own browser too', async () => {
    const [browser, email] = [createTestCaller(), createTestEmail()]
    await register(browser, email)
    test.advance({ hours: 24, milliseconds: 1 })
    const read = () => test.rows(sql`select to_jsonb(u) as row from users u where email = ${email}`)
    const before = await read()
    expect(await register(browser, email, other, 'Mallory')).toEqual({ ok: true })
    expect(await read()).toEqual(before)
    expect((await readQueue(test)).map(({ kind }) => kind)).toEqual(['confirmAddress', 'resetPassword'])
  })

  describe('where nobody has to confirm', () => {
    let lax: TestRuntime
    beforeAll(async () => {
      lax = await createTestRuntime({
        policy: { ...generousLimits, ...cheapHashing, requireConfirmation: false },
      })
    })
    afterAll(() => lax.close())

    const logIn = async (typed: string, email: string, browser = createTestCaller()) =>
      (await logInUser(lax.runtime, browser, { email, password: typed })).ok

    it('PRE-16 takes over no account that is in use, from the shared browser it was registered in', async () => {
      const [{ browserToken }, email, home] = [createTestCaller(), createTestEmail(), createTestCaller()]
      await registerUser(lax.runtime, createTestCaller({ browserToken }), { email, password })
      expect(await logIn(password, email, home)).toBe(true)
      await lax.rows(sql`delete from user_sessions`)
      const next = createTestCaller({ browserToken })
      expect(await registerUser(lax.runtime, next, { email, password: other })).toEqual({ ok: true })
      expect([await logIn(password, email), await logIn(other, email)]).toEqual([true, false])
    })

    it('PRE-16 leaves what the account is signed in with', async () => {
      const [{ browserToken }, email, home] = [createTestCaller(), createTestEmail(), createTestCaller()]
      await registerUser(lax.runtime, createTestCaller({ browserToken }), { email, password })
      await logIn(password, email, home)
      await registerUser(lax.runtime, createTestCaller({ browserToken }), { email, password: other })
      expect((await nextRequest(lax.runtime, home)).session).not.toBeNull()
    })

    it('PRE-16 counts a sign-in that waits for its next step, too', async () => {
      const [{ browserToken }, email] = [createTestCaller(), createTestEmail()]
      await registerUser(lax.runtime, createTestCaller({ browserToken }), { email, password })
      await lax.rows(sql`update users set must_change_password = true where email = ${email}`)
      await logIn(password, email)
      await registerUser(lax.runtime, createTestCaller({ browserToken }), { email, password: other })
      expect(await logIn(other, email)).toBe(false)
    })
  })

  it('PRE-08 sixteen times at once, in one browser, is one account and one mail', async () => {
    await race('user.emailCanonical', {
      rounds: 5,
      maxWinners: 16,
      prepare: async () => ({ browser: createTestCaller(), email: createTestEmail() }),
      attempt: async ({ browser, email }) => (await register(browser, email)).ok,
      invariant: async ({ email }) => {
        expect((await readQueue(test)).filter((mail) => mail.address === email)).toHaveLength(1)
        expect(await test.rows(sql`select from users where email = ${email}`)).toHaveLength(1)
      },
    })
  })
})
