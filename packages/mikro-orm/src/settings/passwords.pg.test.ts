import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { resolveSession } from '../sessions/resolve-session.ts'
import { revokeAllUserSessions } from '../sessions/revoke-user-sessions.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'
import { SessionOvertaken } from '../sessions/continue-session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { deliverMail, findMail } from '../testing/test-mail.ts'
import { cheapHashing } from '../testing/test-policy.ts'
import { renewTestSession, signInTestUser } from '../testing/test-session.ts'
import { changeRequiredPassword } from './change-required-password.ts'
import { changeUserPassword, setUserPassword } from './change-user-password.ts'

let test: TestRuntime
let user: TestUser
beforeAll(async () => {
  test = await createTestRuntime({ policy: cheapHashing })
})
afterAll(() => test.close())
beforeEach(async () => {
  test.advance({ hours: 2 })
  user = await createTestUser(test)
})

const next = 'another quiet river'
const logIn = (password: string, browser = createTestCaller({ clientAddress: '198.51.100.1' })) =>
  logInUser(test.runtime, browser, { email: user.email, password })
const actions = async () =>
  (
    await test.rows<{ action: string }>(
      sql`select action from audit_events where subject_id = ${user.id} order by occurred_at, id`,
    )
  ).map(({ action }) => action)
/** As after a sudo by passkey or mail: the password was not typed. */
async function sudoWithoutPassword(browser: TestCaller): Promise<TestCaller> {
  await renewTestSession(test.runtime, browser, { sudo: 'email' })
  return nextRequest(test.runtime, browser)
}

describe('changeUserPassword', () => {
  it('SESS-02 SESS-10: changes it, ends every other session and renews this one', async () => {
    const [here, there] = [await signInTestUser(test, user), await signInTestUser(test, user)]
    const former = here.sessionToken
    expect(await changeUserPassword(test.runtime, here, { password: next })).toEqual({ ok: true })
    expect(former && (await resolveSession(test.runtime, former))).toBeNull()
    expect((await nextRequest(test.runtime, here)).session).not.toBeNull()
    expect((await nextRequest(test.runtime, there)).session).toBeNull()
    expect(await logIn(user.password)).toMatchObject({ ok: false })
    expect(await logIn(next)).toMatchObject({ ok: true })
    expect(await actions()).toContain('auth.password_changed')
    expect(findMail(await deliverMail(test), 'passwordChanged').to).toBe(user.email)
  })

  it('makes every other browser a new one again', async () => {
    const [here, there] = [await signInTestUser(test, user), await signInTestUser(test, user)]
    expect(await changeUserPassword(test.runtime, here, { password: next })).toEqual({ ok: true })
    await deliverMail(test)
    for (const [browser, mails] of [
      [here, 0],
      [there, 1],
    ] as const) {
      await logIn(next, createTestCaller({ browserToken: browser.browserToken }))
      expect((await deliverMail(test)).sent.filter(({ kind }) => kind === 'newSignIn')).toHaveLength(mails)
    }
  })

  it('asks for the current one where sudo was given by something else', async () => {
    const here = await sudoWithoutPassword(await signInTestUser(test, user))
    for (const currentPassword of [undefined, '', 'not it', 7, ['x']]) {
      await test.rows(sql`delete from sigra_limits`)
      expect(await changeUserPassword(test.runtime, here, { currentPassword, password: next })).toMatchObject(
        {
          reason: 'invalid',
          errors: { currentPassword: [{ reason: 'not-your-password' }] },
        },
      )
    }
    const input = { currentPassword: user.password, password: next }
    expect(await changeUserPassword(test.runtime, here, input)).toEqual({ ok: true })
  })

  it('PWD-08: ends the session of whoever guesses the current one', async () => {
    const here = await sudoWithoutPassword(await signInTestUser(test, user))
    const guess = () => changeUserPassword(test.runtime, here, { currentPassword: 'a guess', password: next })
    for (let n = 0; n < 5; n++) expect(await guess()).toMatchObject({ reason: 'invalid' })
    expect(await guess()).toEqual({ ok: false, reason: 'session-ended' })
    expect(here).toMatchObject({ cleared: 1, sessionToken: null })
    expect(await test.rows(sql`select from user_sessions where user_id = ${user.id}`)).toEqual([])
    expect(await actions()).toContain('session.revoked')
  })

  it('PWD-06: takes no bad password, and leaves everything as it was', async () => {
    const here = await signInTestUser(test, user)
    for (const password of ['short', 'password1234', user.email, '', null, 'x'.repeat(300)]) {
      expect(await changeUserPassword(test.runtime, here, { password })).toMatchObject({
        errors: { password: [{ reason: expect.any(String) }] },
      })
    }
    expect(await logIn(user.password)).toMatchObject({ ok: true })
  })

  it('SUDO-01: changes nothing without a fresh sudo', async () => {
    const here = await signInTestUser(test, user)
    test.advance({ minutes: 10 })
    await nextRequest(test.runtime, here)
    const input = { currentPassword: user.password, password: next }
    await expect(changeUserPassword(test.runtime, here, input)).rejects.toThrow(SudoRequired)
    await expect(changeUserPassword(test.runtime, createTestCaller(), input)).rejects.toThrow(SudoRequired)
    expect(await logIn(user.password)).toMatchObject({ ok: true })
  })

  it('leaves one session and one password, however many change it at once', async () => {
    const here = await signInTestUser(test, user)
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) =>
        changeUserPassword(test.runtime, { ...here }, { password: `${next} number ${n}` }),
      ),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([
      { status: 'fulfilled', value: { ok: true } },
    ])
    expect(await test.rows(sql`select from user_sessions where user_id = ${user.id}`)).toHaveLength(1)
    expect((await actions()).filter((action) => action === 'auth.password_changed')).toHaveLength(1)
  })
})

describe('a session that was ended while the password was hashed', () => {
  it('SESS-10: changes nothing', async () => {
    const here = await signInTestUser(test, user)
    await revokeAllUserSessions(test.runtime, { ...here })
    await deliverMail(test)
    await expect(changeUserPassword(test.runtime, here, { password: next })).rejects.toThrow(SessionOvertaken)
    expect(await logIn(user.password)).toMatchObject({ ok: true })
    expect(await actions()).not.toContain('auth.password_changed')
    expect((await deliverMail(test)).sent.filter(({ kind }) => kind === 'passwordChanged')).toEqual([])
  })

  it('PRE-06 SESS-10: gives none', async () => {
    const here = await signInTestUser(test, user)
    await test.rows(sql`update users set hashed_password = null where id = ${user.id}`)
    await revokeAllUserSessions(test.runtime, { ...here })
    await expect(setUserPassword(test.runtime, here, { password: next })).rejects.toThrow(SessionOvertaken)
    expect(await logIn(next)).toMatchObject({ ok: false })
    expect(await actions()).not.toContain('auth.password_set')
  })
})

describe('setUserPassword', () => {
  it('gives a password where there is none, and only there', async () => {
    const here = await signInTestUser(test, user)
    const { calls } = test.runtime.hasher
    expect(await setUserPassword(test.runtime, here, { password: next })).toEqual({
      ok: false,
      reason: 'changed',
    })
    expect(test.runtime.hasher.calls).toBe(calls)
    await test.rows(sql`update users set hashed_password = null where id = ${user.id}`)
    expect(await changeUserPassword(test.runtime, here, { password: next })).toEqual({
      ok: false,
      reason: 'changed',
    })
    expect(await setUserPassword(test.runtime, here, { password: next })).toEqual({ ok: true })
    expect(await logIn(next)).toMatchObject({ ok: true })
    expect(await actions()).toContain('auth.password_set')
  })
})

describe('changeRequiredPassword', () => {
  async function pending(): Promise<TestCaller> {
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    return signInTestUser(test, user)
  }

  it('lets somebody in who was sent to change the password, and no second time', async () => {
    const here = await pending()
    const former = here.session
    expect(await changeRequiredPassword(test.runtime, here, { password: next })).toMatchObject({
      ok: true,
      outcome: 'signed-in',
    })
    expect((await nextRequest(test.runtime, here)).session).toMatchObject({ awaiting: null, amr: ['pwd'] })
    const again = { ...here, session: former }
    await expect(
      changeRequiredPassword(test.runtime, again, { password: 'a third one of them' }),
    ).rejects.toThrow(SessionOvertaken)
    expect(await logIn(next)).toMatchObject({ ok: true, outcome: 'signed-in' })
  })

  it('wants another password than the present one', async () => {
    const here = await pending()
    expect(await changeRequiredPassword(test.runtime, here, { password: user.password })).toMatchObject({
      reason: 'invalid',
    })
    expect(await changeRequiredPassword(test.runtime, here, { password: 'short' })).toMatchObject({
      reason: 'invalid',
    })
  })

  it('is for nobody else', async () => {
    const here = await signInTestUser(test, user)
    for (const browser of [here, createTestCaller()]) {
      expect(await changeRequiredPassword(test.runtime, browser, { password: next })).toEqual({
        ok: false,
        reason: 'ended',
      })
    }
  })

  it('lets a second factor be asked for next where one is on', async () => {
    const here = await pending()
    await test.rows(sql`
      insert into user_totp (id, user_id, sealed_secret, activated_at, created_at)
      values (gen_random_uuid(), ${user.id}, 'x', now(), now())`)
    expect(await changeRequiredPassword(test.runtime, here, { password: next })).toMatchObject({
      outcome: 'second-factor-required',
    })
  })
})
