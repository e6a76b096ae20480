import { Overloaded } from '@sigra/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { hashBrowserToken } from '../sessions/browser-token.ts'
import { createTestCaller, createTestRuntime, nextRequest, race, type TestRuntime } from '../testing/index.ts'
import { deliverMail } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { canLogIn, isConfirmed, registerInBrowser } from '../testing/test-registration.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { confirmUserWithNewPassword } from './confirm-user-with-new-password.ts'
import { confirmUser } from './confirm-user.ts'
import { getUserByConfirmationToken } from './get-user-by-confirmation-token.ts'

const newPassword = 'seven herons over the weir'

describe('a confirmation link in another browser', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  it('PRE-09 does not confirm what a stranger registered by the link alone', async () => {
    const attacker = await registerInBrowser(test)
    const victim = createTestCaller()
    expect(await getUserByConfirmationToken(test.runtime, victim, attacker.token)).toMatchObject({
      sameBrowser: false,
    })
    expect(await confirmUser(test.runtime, victim, { token: attacker.token })).toEqual({
      ok: false,
      reason: 'other-browser',
    })
    expect(await isConfirmed(test, attacker)).toBe(false)
    expect(
      await confirmUser(test.runtime, { ...victim, browserToken: null }, { token: attacker.token }),
    ).toEqual({
      ok: false,
      reason: 'other-browser',
    })
  })

  it('PRE-09 leaves nothing of the stranger: password, sessions, known browsers, links', async () => {
    const early = await createTestRuntime({
      policy: { ...generousLimits, ...cheapHashing, requireConfirmation: false },
    })
    const attacker = await registerInBrowser(early)
    await logInUser(early.runtime, attacker.browser, attacker)
    await deliverUserResetPasswordInstructions(early.runtime, attacker.browser, attacker)
    await deliverMail(early)

    const victim = createTestCaller()
    const input = { token: attacker.token, password: newPassword }
    expect(await confirmUserWithNewPassword(early.runtime, victim, input)).toEqual({ ok: true })
    expect((await logInUser(early.runtime, createTestCaller(), attacker)).ok).toBe(false)
    expect((await nextRequest(early.runtime, attacker.browser)).session).toBeNull()
    expect(await early.rows(sql`select browser_hash from user_known_browsers`)).toEqual([
      { browser_hash: Buffer.from(hashBrowserToken(victim.browserToken)) },
    ])
    expect(
      await early.rows(sql`select from users_tokens where used_at is null and superseded_at is null`),
    ).toEqual([])
    const login = await logInUser(early.runtime, victim, { email: attacker.email, password: newPassword })
    expect(login.ok).toBe(true)
    await early.close()
  })

  it('confirms with the password chosen at registration, which stays', async () => {
    const person = await registerInBrowser(test)
    const { token, password } = person
    expect(await confirmUser(test.runtime, createTestCaller(), { token, password })).toMatchObject({
      ok: true,
    })
    expect(await canLogIn(test, person.email, password)).toBe(true)
  })

  it('gives five tries, taken before the password is looked at, then only the other ways', async () => {
    const { token, password, email } = await registerInBrowser(test)
    const other = createTestCaller()
    const attempt = (typed: string) => confirmUser(test.runtime, other, { token, password: typed })
    for (let i = 0; i < 4; i++) {
      expect(await attempt(`wrong ${i}`)).toEqual({ ok: false, reason: 'wrong-password' })
    }
    expect(await attempt('\0')).toEqual({ ok: false, reason: 'no-tries-left' })
    const { calls } = test.runtime.hasher
    expect(await attempt(password)).toEqual({ ok: false, reason: 'no-tries-left' })
    expect(test.runtime.hasher.calls).toBe(calls)
    expect(await getUserByConfirmationToken(test.runtime, other, token)).toMatchObject({
      canTryPassword: false,
    })
    expect(await readAudit(test, email)).toHaveLength(6)
    expect(await confirmUserWithNewPassword(test.runtime, other, { token, password: newPassword })).toEqual({
      ok: true,
    })
    expect(await canLogIn(test, email, newPassword)).toBe(true)
  })

  it('takes no try where there was no room to look at the password', async () => {
    const { token, password } = await registerInBrowser(test)
    const verify = () => Promise.reject(new Overloaded('full', 2))
    const full = { ...test.runtime, hasher: { ...test.runtime.hasher, verify } }
    const other = createTestCaller()
    for (let i = 0; i < 6; i++) {
      expect(await confirmUser(full, other, { token, password })).toMatchObject({ reason: 'busy' })
    }
    expect(await confirmUser(test.runtime, other, { token, password })).toMatchObject({ ok: true })
  })

  it('gives five tries to however many come at once', async () => {
    await race('userToken.attempts', {
      maxWinners: 4, // the fifth hears that it was the last
      prepare: () => registerInBrowser(test),
      attempt: async ({ token }, client) => {
        const result = await confirmUser(test.runtime, createTestCaller(), {
          token,
          password: `guess ${client}`,
        })
        return !result.ok && result.reason === 'wrong-password'
      },
      invariant: async ({ email }) => {
        const rows = await test.rows(sql`
          select attempts from users_tokens t join users u on u.id = t.user_id where u.email = ${email}`)
        expect(rows).toEqual([{ attempts: 5 }])
        expect(await readAudit(test, email)).toHaveLength(6)
      },
    })
  })
})
