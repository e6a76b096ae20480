import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { confirmUser } from '../confirm/confirm-user.ts'
import { DatabaseUnavailable } from '../database/database-unavailable.ts'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { registerUser } from '../register/register-user.ts'
import { verifyUserSecondFactor } from '../second-factor/verify-user-second-factor.ts'
import { sudoByPassword } from '../sudo/sudo-by-password.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestRuntime,
} from '../testing/index.ts'
import { registerInBrowser } from '../testing/test-registration.ts'
import { createTotpUser, logInBrowser } from '../testing/test-second-factor.ts'
import { signInTestUser } from '../testing/test-session.ts'

// However long the tests take, nothing comes back by itself meanwhile.
const perSeconds = 10_000_000
const many = { capacity: 1_000_000, perSeconds: 1 }

describe('a guess', () => {
  let test: TestRuntime
  beforeAll(async () => {
    const target = {
      signIn: { capacity: 5, perSeconds },
      sudo: { capacity: 5, perSeconds },
      secondFactor: { capacity: 5, perSeconds },
    }
    const client = { signIn: many, register: many, mailSending: many }
    test = await createTestRuntime({ policy: { limits: { client, target } } })
  })
  afterAll(() => test.close())

  /** As if the database went away where it is written down: after an answer was counted, before it counts. */
  async function whileAway(work: () => Promise<void>): Promise<void> {
    await test.rows(sql`create function away() returns trigger language plpgsql as
      'begin raise exception ''away'' using errcode = ''57P01''; end'`)
    await test.rows(
      sql`create trigger away before insert on audit_events for each row execute function away()`,
    )
    try {
      await work()
    } finally {
      await test.rows(sql`drop function away cascade`)
    }
  }
  const sixTimes = (work: () => Promise<unknown>) => async () => {
    for (let n = 0; n < 6; n++) await expect(work()).rejects.toThrow(DatabaseUnavailable)
  }
  const countsOf = async (id: string) => {
    const [row] = await test.rows<Record<string, number>>(sql`
      select failed_password_count as passwords, failed_second_factor_count as codes from users where id = ${id}`)
    return row
  }

  it('RL-08 of the app is no wrong one while the database is away, right or wrong', async () => {
    const { user, code } = await createTotpUser(test)
    const browser = await logInBrowser(test, user)
    const verify = (typed: string) => verifyUserSecondFactor(test.runtime, browser, { code: typed })
    await whileAway(sixTimes(() => verify('000000')))
    await whileAway(sixTimes(() => verify(code())))
    expect(await countsOf(user.id)).toMatchObject({ codes: 0 })
    expect(await verify(code())).toMatchObject({ ok: true, outcome: 'signed-in' })
  })

  it('RL-08 of a backup code is no wrong one where the database went away before it counted', async () => {
    const { user, codes } = await createTotpUser(test)
    const browser = await logInBrowser(test, user)
    const verify = (backupCode: unknown) => verifyUserSecondFactor(test.runtime, browser, { backupCode })
    await whileAway(sixTimes(() => verify(codes[0])))
    expect(await countsOf(user.id)).toMatchObject({ codes: 0 })
    await whileAway(async () => {
      await expect(verify('0000-0000-0000-0000')).rejects.toThrow(DatabaseUnavailable)
    })
    expect(await countsOf(user.id)).toMatchObject({ codes: 1 }) // that one was looked at
    expect(await verify(codes[0])).toMatchObject({ ok: true, outcome: 'signed-in' })
  })

  it('RL-08 of a password is no wrong one where the database went away before the door', async () => {
    const user = await createTestUser(test)
    const logIn = () => logInUser(test.runtime, createTestCaller(), user)
    await whileAway(sixTimes(logIn))
    expect(await countsOf(user.id)).toMatchObject({ passwords: 0 })
    expect(await logIn()).toMatchObject({ ok: true })
  })

  it('RL-08 of a password is given back where it could not be hashed', async () => {
    const user = await createTestUser(test)
    const hasher = { ...test.runtime.hasher, verify: () => Promise.reject(new RangeError('the thread died')) }
    const browser = createTestCaller()
    for (let n = 0; n < 6; n++) {
      await expect(logInUser({ ...test.runtime, hasher }, browser, user)).rejects.toThrow('the thread died')
    }
    expect(await countsOf(user.id)).toMatchObject({ passwords: 0 })
    expect(await logInUser(test.runtime, browser, user)).toMatchObject({ ok: true })
  })

  it('RL-08 beside a confirmation link is given back where it could not be hashed', async () => {
    const { token, password } = await registerInBrowser(test)
    const hasher = { ...test.runtime.hasher, verify: () => Promise.reject(new RangeError('the thread died')) }
    const confirm = (runtime = test.runtime) => confirmUser(runtime, createTestCaller(), { token, password })
    for (let n = 0; n < 6; n++) {
      await expect(confirm({ ...test.runtime, hasher })).rejects.toThrow('the thread died')
    }
    expect(await confirm()).toMatchObject({ ok: true })
  })

  it('SUDO-05 ends no session while the database is away', async () => {
    const user = await createTestUser(test)
    const browser = await signInTestUser(test, user)
    await whileAway(sixTimes(() => sudoByPassword(test.runtime, browser, user)))
    expect(await sudoByPassword(test.runtime, browser, user)).toEqual({ ok: true })
  })

  it('RL-08 is given back later where that cannot be written either', async () => {
    const user = await createTestUser(test)
    const browser = await signInTestUser(test, user)
    const wrong = () => sudoByPassword(test.runtime, browser, { password: 'a wrong guess' })
    for (let n = 0; n < 4; n++) expect(await wrong()).toMatchObject({ reason: 'wrong' })
    const failing = {
      ...test.runtime,
      hasher: {
        ...test.runtime.hasher,
        async verify() {
          await test.rows(sql`alter table sigra_limits rename to sigra_limits_away`)
          throw new RangeError('the thread died')
        },
      },
    }
    await expect(sudoByPassword(failing, browser, user)).rejects.toThrow('the thread died')
    expect(test.runtime.refunds.kept).toBe(1)
    await test.rows(sql`alter table sigra_limits_away rename to sigra_limits`)
    await test.runtime.refunds.retry()
    expect(test.runtime.refunds.kept).toBe(0)
    expect(await sudoByPassword(test.runtime, browser, user)).toEqual({ ok: true }) // the fifth, given back
  })

  it('SUDO-05 that was right is none: any number of step-ups in ten minutes go on', async () => {
    const user = await createTestUser(test)
    const browser = await signInTestUser(test, user)
    for (let n = 0; n < 8; n++) {
      expect(await sudoByPassword(test.runtime, browser, user)).toEqual({ ok: true })
      await nextRequest(test.runtime, browser)
    }
  })

  it('RL-01 that was right is none: any number of sign-ins in a minute go on', async () => {
    const user = await createTestUser(test)
    for (let n = 0; n < 8; n++) {
      expect(await logInUser(test.runtime, createTestCaller(), user)).toMatchObject({ ok: true })
    }
    for (let n = 0; n < 5; n++) {
      const guess = { email: user.email, password: 'a wrong guess' }
      expect(await logInUser(test.runtime, createTestCaller(), guess)).toMatchObject({
        reason: 'invalid-credentials',
      })
    }
    expect(await logInUser(test.runtime, createTestCaller(), user)).toMatchObject({ reason: 'limited' })
  })
})

describe('what limits a client', () => {
  it('RL-02 is never given back: right passwords at the step-up are hashed ten times a minute', async () => {
    const client = { signIn: { capacity: 10, perSeconds } }
    const test = await createTestRuntime({ policy: { limits: { client } } })
    const user = await createTestUser(test)
    const browser = await signInTestUser(test, user)
    const sudo = () => sudoByPassword(test.runtime, browser, user)
    for (let n = 0; n < 10; n++) {
      expect(await sudo()).toEqual({ ok: true })
      await nextRequest(test.runtime, browser)
    }
    const { calls } = test.runtime.hasher
    expect(await sudo()).toMatchObject({ reason: 'limited' })
    expect(test.runtime.hasher.calls).toBe(calls)
    expect((await nextRequest(test.runtime, browser)).session).not.toBeNull()
    await test.close()
  })

  it('RL-02 comes before the rules for passwords', async () => {
    const client = { register: { capacity: 2, perSeconds } }
    const test = await createTestRuntime({ policy: { limits: { client } } })
    const register = () =>
      registerUser(test.runtime, createTestCaller(), { email: 'p@example.com', password: 'short' })
    for (let n = 0; n < 2; n++) expect(await register()).toMatchObject({ reason: 'invalid' })
    expect(await register()).toMatchObject({ reason: 'limited' })
    await test.close()
  })
})
