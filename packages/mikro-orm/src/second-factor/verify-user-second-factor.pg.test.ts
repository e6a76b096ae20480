import { createPasswordHasher, Overloaded } from '@sigra/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import { SessionOvertaken } from '../sessions/continue-session.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
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
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTotpUser, logInBrowser } from '../testing/test-second-factor.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { toUserId } from '../user-id.ts'
import { unblockUserSecondFactor } from './clear-failures.ts'
import { verifyUserSecondFactor, type VerifyInput } from './verify-user-second-factor.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
afterAll(() => test.close())

const verify = (browser: TestCaller, input: VerifyInput, runtime = test.runtime) =>
  verifyUserSecondFactor(runtime, browser, input)
const wrong = { ok: false, reason: 'wrong-code' }
const ended = { ok: false, reason: 'session-ended' }
const counts = async ({ id }: TestUser) => {
  const [row] = await test.rows<{ failures: number; waits: boolean }>(sql`
    select failed_second_factor_count as failures, second_factor_wait_until is not null as waits
    from users where id = ${id}`)
  return row
}
const setFailures = ({ id }: TestUser, failures: number) =>
  test.rows(sql`update users set failed_second_factor_count = ${failures} where id = ${id}`)

describe('the challenge', () => {
  it('stands between the password and a session', async () => {
    const { user, code } = await createTotpUser(test)
    const browser = createTestCaller()
    expect(await logInUser(test.runtime, browser, { ...user, rememberMe: true })).toMatchObject({
      outcome: 'second-factor-required',
    })
    expect(browser.maxAgeSeconds).toBeNull()
    await nextRequest(test.runtime, browser)
    const pending = browser.sessionToken
    expect(await verify(browser, { code: code() })).toMatchObject({ ok: true, outcome: 'signed-in' })
    expect(browser).toMatchObject({ remembered: true, maxAgeSeconds: 60 * 86_400 })
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      aal: 2,
      amr: ['pwd', 'otp'],
      sudoMethod: 'second-factor',
    })
    browser.sessionToken = pending
    expect((await nextRequest(test.runtime, browser)).session).toBeNull()
  })

  it('answers nobody who does not wait for it', async () => {
    const { browser, code } = await createTotpUser(test)
    expect(await verify(createTestCaller(), { code: code() })).toEqual(ended)
    expect(await verify(browser, { code: code() })).toEqual(ended)
  })

  it('MFA-02: takes a code once, in this session, another one, and the next', async () => {
    const { user, code } = await createTotpUser(test)
    const [first, second] = [await logInBrowser(test, user), await logInBrowser(test, user)]
    const typed = code()
    expect(await verify(first, { code: typed })).toMatchObject({ ok: true })
    expect(await verify(second, { code: typed })).toEqual({ ok: false, reason: 'already-used' })
    await expect(verify(first, { code: typed })).rejects.toThrow(SessionOvertaken)
  })

  it('MFA-04: takes no older step after a newer one, and none two steps away', async () => {
    const { user, code } = await createTotpUser(test)
    expect(await verify(await logInBrowser(test, user), { code: code(1) })).toMatchObject({ ok: true })
    const browser = await logInBrowser(test, user)
    expect(await verify(browser, { code: code(0) })).toEqual({ ok: false, reason: 'already-used' })
    expect(await verify(browser, { code: code(3) })).toEqual(wrong)
    expect(await verify(browser, { code: code(-3) })).toEqual(wrong)
  })

  it('reads a code as people type it, and no digits of other scripts', async () => {
    const { user, code } = await createTotpUser(test)
    const browser = await logInBrowser(test, user)
    const typed = code()
    const fullWidth = [...typed].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('')
    expect(await verify(browser, { code: fullWidth })).toEqual(wrong)
    expect(await verify(browser, { code: [typed] })).toEqual(wrong)
    expect(await verify(browser, { code: ` ${typed.slice(0, 3)}-${typed.slice(3)}` })).toMatchObject({
      ok: true,
    })
  })

  it('is over after five minutes', async () => {
    const { user, code } = await createTotpUser(test)
    const browser = await logInBrowser(test, user)
    test.advance({ minutes: 5 })
    await expect(verify(browser, { code: code() })).rejects.toThrow(SessionOvertaken)
    expect((await nextRequest(test.runtime, browser)).session).toBeNull()
  })

  it('goes on for nobody who was disabled meanwhile, and leaves their cookie alone', async () => {
    const { user, code } = await createTotpUser(test)
    const browser = await logInBrowser(test, user)
    await test.rows(sql`update users set disabled_at = now() where id = ${user.id}`)
    await expect(verify(browser, { code: code() })).rejects.toThrow(SessionOvertaken)
    expect(browser.cleared).toBe(0)
    expect((await nextRequest(test.runtime, browser)).session).toBeNull()
  })

  it('leads on to the password change', async () => {
    const { user, code } = await createTotpUser(test)
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    const browser = await logInBrowser(test, user)
    expect(browser.session?.awaiting).toBe('second-factor')
    expect(await verify(browser, { code: code() })).toMatchObject({ outcome: 'password-change-required' })
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      awaiting: 'password-change',
      aal: 2,
    })
  })

  it('MFA-12: comes after a reset as before', async () => {
    const { user, code } = await createTotpUser(test)
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    await deliverUserResetPasswordInstructions(test.runtime, createTestCaller(), user)
    const token = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
    const password = 'seven herons over the weir'
    expect(await resetUserPassword(test.runtime, createTestCaller(), { token, password })).toEqual({
      ok: true,
    })
    const browser = await logInBrowser(test, { ...user, password })
    expect(browser.session?.awaiting).toBe('second-factor')
    expect(await verify(browser, { code: code() })).toMatchObject({ ok: true })
  })

  it('writes down who came in, and who did not', async () => {
    const { user, code } = await createTotpUser(test)
    const browser = await logInBrowser(test, user)
    await verify(browser, { code: '000000' })
    await verify(browser, { code: code() })
    const lines = await readAudit(test, user.email)
    const of = (action: string) => lines.filter((line) => line.action === action)
    expect(of('mfa.failed')).toMatchObject([
      { outcome: 'failure', metadata: { method: 'totp', reason: 'wrong', attempts: 1 } },
    ])
    expect(of('mfa.verified')).toMatchObject([{ outcome: 'success', metadata: { method: 'totp' } }])
    expect(of('auth.log_in').slice(-2)).toMatchObject([
      { metadata: { method: 'password', result: 'second-factor-required' } },
      { metadata: { method: 'totp', result: 'signed-in' } },
    ])
  })
})

describe('a backup code', () => {
  it('signs its owner in, once, and is told to them', async () => {
    const { user, codes } = await createTotpUser(test)
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    const [typed = ''] = codes
    const browser = await logInBrowser(test, user)
    expect(await verify(browser, { backupCode: typed.toUpperCase().replaceAll('-', ' ') })).toMatchObject({
      ok: true,
      outcome: 'signed-in',
      backupCodesLeft: 9,
    })
    expect((await deliverMail(test)).sent).toMatchObject([
      { kind: 'backupCodeUsed', to: user.email, props: { codesLeft: 9 } },
      { kind: 'newSignIn', to: user.email },
    ])
    expect(await verify(await logInBrowser(test, user), { backupCode: typed })).toEqual(wrong)
  })

  it('gives no more sudo than is needed to put another factor in the place of the lost one', async () => {
    const { user, codes } = await createTotpUser(test)
    const browser = await logInBrowser(test, user)
    await verify(browser, { backupCode: codes[0] })
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      aal: 2,
      amr: ['pwd', 'backup'],
      sudoMethod: 'recovery',
    })
  })

  it('is nothing in the account of somebody else', async () => {
    const [one, other] = [await createTotpUser(test), await createTotpUser(test)]
    expect(await verify(await logInBrowser(test, one.user), { backupCode: other.codes[0] })).toEqual(wrong)
  })

  it('costs one argon2id call, whether or not one begins like it, and none that is no code', async () => {
    const { user, codes } = await createTotpUser(test)
    const browser = await logInBrowser(test, user)
    let calls = 0
    const real = createPasswordHasher({ memoryKib: 8, passes: 1 })
    const hasher: typeof real = {
      ...real,
      hash: (text) => real.hash(text),
      verify(stored, text) {
        calls += 1
        return real.verify(stored, text)
      },
    }
    const counting = { ...test.runtime, hasher }
    const [known = ''] = codes
    for (const [typed, cost] of [
      [`${known.slice(0, 2)}00-0000-0000-0000`, 1],
      ['zzzz-zzzz-zzzz-zzzz', 1],
      ['no code', 0],
    ] as const) {
      calls = 0
      expect(await verify(browser, { backupCode: typed }, counting)).toEqual(wrong)
      expect(calls).toBe(cost)
    }
    await real.close()
  })

  it('is compared with no connection held', async () => {
    const { user, codes } = await createTotpUser(test)
    const browser = await logInBrowser(test, user)
    let open: boolean | undefined
    const texts: string[] = []
    const { hasher } = test.runtime
    const watching = {
      ...test.runtime,
      hasher: {
        ...hasher,
        hash: (text: string) => hasher.hash(text),
        verify(stored: string | null, text: string) {
          open =
            texts.filter((each) => /^begin/i.test(each)).length >
            texts.filter((each) => /^commit/i.test(each)).length
          return hasher.verify(stored, text)
        },
      },
    }
    await recordQueries(test.orm, async (soFar) => {
      const copy = () => texts.splice(0, texts.length, ...soFar)
      watching.hasher.verify = ((inner) => (stored: string | null, text: string) => {
        copy()
        return inner(stored, text)
      })(watching.hasher.verify)
      expect(await verify(browser, { backupCode: codes[0] }, watching)).toMatchObject({ ok: true })
    })
    expect(open).toBe(false)
  })

  it('gives the try back when the hash queue is full', async () => {
    const { user, codes } = await createTotpUser(test)
    const browser = await logInBrowser(test, user)
    const hasher = { ...test.runtime.hasher, verify: () => Promise.reject(new Overloaded('full', 2)) }
    const busy = { ...test.runtime, hasher }
    expect(await verify(browser, { backupCode: codes[0] }, busy)).toMatchObject({ ok: false, reason: 'busy' })
    expect(await counts(user)).toEqual({ failures: 0, waits: false })
    expect(await verify(browser, { backupCode: codes[0] })).toMatchObject({ ok: true })
  })
})

describe('wrong codes', () => {
  it('MFA-05: end the sign-in at the fifth, and its cookie leads nowhere', async () => {
    const { user, code } = await createTotpUser(test)
    const browser = await logInBrowser(test, user)
    for (let n = 0; n < 4; n++) expect(await verify(browser, { code: '000000' })).toEqual(wrong)
    const token = browser.sessionToken
    expect(await verify(browser, { code: '000000' })).toEqual(ended)
    expect(browser.sessionToken).toBeNull()
    browser.sessionToken = token
    expect(await verify(await nextRequest(test.runtime, browser), { code: code() })).toEqual(ended)
    expect(
      await test.rows(sql`select from user_sessions where user_id = ${user.id} and awaiting is not null`),
    ).toEqual([])
  })

  it('MFA-08: of both kinds are one count', async () => {
    const { user } = await createTotpUser(test)
    const browser = await logInBrowser(test, user)
    for (const input of [
      { code: '000000' },
      { backupCode: '0000-0000-0000-0000' },
      { backupCode: 'nonsense' },
    ]) {
      expect(await verify(browser, input)).toEqual(wrong)
    }
    expect(await counts(user)).toEqual({ failures: 3, waits: false })
    expect(await verify(browser, { code: '1' })).toEqual(wrong)
    expect(await verify(browser, { backupCode: '0000-0000-0000-0000' })).toEqual(ended)
  })

  it('MFA-05: from the twentieth in a row make the account wait, twice as long each time, and its owner is told', async () => {
    const { user, code } = await createTotpUser(test)
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    await setFailures(user, 19)
    const guess = async () => verify(await logInBrowser(test, user), { code: '000000' })
    expect(await guess()).toEqual(wrong)
    expect(await counts(user)).toEqual({ failures: 20, waits: true })
    expect(await readQueue(test)).toMatchObject([{ kind: 'secondFactorBlocked', address: user.canonical }])
    expect(await guess()).toEqual({ ok: false, reason: 'limited', retryAfterSeconds: 60 })
    expect(await verify(await logInBrowser(test, user), { code: code() })).toMatchObject({
      reason: 'limited',
    })
    test.advance({ milliseconds: 60_000 })
    expect(await guess()).toEqual(wrong)
    expect(await guess()).toEqual({ ok: false, reason: 'limited', retryAfterSeconds: 120 })
    expect(await readQueue(test)).toHaveLength(1)
    expect(
      (await readAudit(test, user.email)).filter(({ action }) => action === 'security.lockout'),
    ).toMatchObject([{ outcome: 'denied', metadata: { method: 'second-factor', attempts: 20 } }])
  })

  it('never make the account wait for more than a day', async () => {
    const { user } = await createTotpUser(test)
    await setFailures(user, 98)
    expect(await verify(await logInBrowser(test, user), { code: '000000' })).toEqual(wrong)
    expect(await verify(await logInBrowser(test, user), { code: '000000' })).toEqual({
      ok: false,
      reason: 'limited',
      retryAfterSeconds: 86_400,
    })
  })

  it('waiting uses up no try of the sign-in', async () => {
    const { user, code } = await createTotpUser(test)
    await setFailures(user, 19)
    await verify(await logInBrowser(test, user), { code: '000000' })
    const browser = await logInBrowser(test, user)
    for (let n = 0; n < 8; n++)
      expect(await verify(browser, { code: '000000' })).toMatchObject({ reason: 'limited' })
    test.advance({ milliseconds: 60_000 })
    expect(await verify(browser, { code: code() })).toMatchObject({ ok: true })
  })

  it('MFA-05: close the account to codes at the hundredth, until an operator opens it', async () => {
    const { user, code, codes } = await createTotpUser(test)
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    await setFailures(user, 99)
    expect(await verify(await logInBrowser(test, user), { code: '000000' })).toEqual(wrong)
    expect(await readQueue(test)).toMatchObject([{ kind: 'secondFactorBlocked' }])
    test.advance({ hours: 25 })
    const blocked = { ok: false, reason: 'blocked' }
    const browser = await logInBrowser(test, user)
    expect(await verify(browser, { code: code() })).toEqual(blocked)
    expect(await verify(browser, { backupCode: codes[0] })).toEqual(blocked)
    expect(await counts(user)).toMatchObject({ failures: 100 })

    expect(await unblockUserSecondFactor(test.runtime, user.id)).toBe(true)
    expect(await unblockUserSecondFactor(test.runtime, user.id)).toBe(false)
    expect(await verify(browser, { code: code() })).toMatchObject({ ok: true })
  })

  it('are forgotten by a right one', async () => {
    const { user, code } = await createTotpUser(test)
    await setFailures(user, 19)
    await test.rows(sql`update users set second_factor_wait_until = now() where id = ${user.id}`)
    expect(await verify(await logInBrowser(test, user), { code: code() })).toMatchObject({ ok: true })
    expect(await counts(user)).toEqual({ failures: 0, waits: false })
  })

  it('MFA-05: over many sign-ins are ten in five minutes', async () => {
    const strict = await createTestRuntime({ policy: cheapHashing })
    const { user } = await createTotpUser(strict)
    strict.advance({ hours: 1 })
    const answers: string[] = []
    for (let n = 0; n < 12; n++) {
      const browser = createTestCaller({ clientAddress: `198.51.100.${n}` })
      await logInBrowser(strict, user, browser)
      const result = await verifyUserSecondFactor(strict.runtime, browser, { code: '000000' })
      answers.push(result.ok ? 'in' : result.reason)
    }
    expect(answers.filter((each) => each === 'wrong-code')).toHaveLength(10)
    expect(answers.slice(10)).toEqual(['limited', 'limited'])
    await strict.close()
  })

  it('unblocking somebody who is nobody is nothing', async () => {
    const stranger = await createTestUser(test)
    await test.rows(sql`delete from users where id = ${stranger.id}`)
    expect(await unblockUserSecondFactor(test.runtime, toUserId(stranger.id))).toBe(false)
  })
})
