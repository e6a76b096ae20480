import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  race,
  recordQueries,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import { deliverMail, findMail, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import {
  createTestEmail,
  registerInBrowser,
  type TestRegistration,
  wrongCode,
} from '../testing/test-registration.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { confirmUserByCode } from './confirm-user-by-code.ts'
import { confirmUserWithNewPassword } from './confirm-user-with-new-password.ts'
import { confirmUser } from './confirm-user.ts'
import { deliverUserConfirmationInstructions } from './deliver-user-confirmation-instructions.ts'

const invalid = { ok: false, reason: 'invalid' }
const newPassword = 'seven herons over the weir'

describe('confirmUserByCode', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  const enter = (browser: TestCaller, email: string, code: string) =>
    confirmUserByCode(test.runtime, browser, { email, code })
  const countersOf = ({ email }: { email: string }) =>
    test.rows(sql`
      select u.failed_code_count as count, t.attempts from users u join users_tokens t on t.user_id = u.id
      where u.email = ${email} order by t.requested_at desc limit 1`)

  async function resend(email: string, browser: TestCaller): Promise<{ code: string; token: string }> {
    await deliverUserConfirmationInstructions(test.runtime, browser, { email })
    const { props } = findMail(await deliverMail(test), 'confirmAddress')
    return { code: props.code, token: tokenOf(props.confirmUrl) }
  }

  it('confirms in the browser that registered, however the digits are grouped', async () => {
    const { email, code, browser, password } = await registerInBrowser(test)
    const typed = ` ${code.slice(0, 3)}-${code.slice(3)} `
    expect(await enter(browser, email.toUpperCase(), typed)).toMatchObject({ ok: true })
    expect((await logInUser(test.runtime, createTestCaller(), { email, password })).ok).toBe(true)
    test.advance({ minutes: 1 })
    expect(await enter(browser, email, code)).toEqual(invalid)
  })

  it('TOK-11 refuses the code in every browser but the one that asked for it', async () => {
    const { email, code, browser } = await registerInBrowser(test)
    expect(await enter(createTestCaller(), email, code)).toEqual(invalid)
    const nameless = { ...createTestCaller(), browserToken: null }
    expect(await confirmUserByCode(test.runtime, nameless, { email, code })).toEqual(invalid)
    expect(await countersOf({ email })).toEqual([{ count: 0, attempts: 0 }]) // strangers use up nothing
    expect(await enter(browser, email, code)).toMatchObject({ ok: true })
  })

  it('TOK-11 refuses the code of another account, and of another kind of mail', async () => {
    const jane = await registerInBrowser(test)
    const joe = await registerInBrowser(test, { browser: jane.browser })
    expect(await enter(jane.browser, joe.email, jane.code)).toEqual(invalid)
    expect(await enter(jane.browser, joe.email, joe.code)).toMatchObject({ ok: true })
  })

  it('TOK-10 takes five tries of a code and no more, the right one included', async () => {
    const { email, code, browser } = await registerInBrowser(test)
    for (let i = 0; i < 5; i++) expect(await enter(browser, email, wrongCode(code))).toEqual(invalid)
    expect(await enter(browser, email, code)).toEqual(invalid)
    expect(await countersOf({ email })).toEqual([{ count: 5, attempts: 5 }])
  })

  it('TOK-10 takes five tries of however many come at once', async () => {
    await race('userToken.attempts', {
      maxWinners: 16,
      prepare: () => registerInBrowser(test),
      attempt: async ({ email, code, browser }) => !(await enter(browser, email, wrongCode(code))).ok,
      invariant: async ({ email, browser, code }) => {
        expect(await countersOf({ email })).toMatchObject([{ attempts: 5 }])
        expect(await enter(browser, email, code)).toEqual(invalid)
      },
    })
  })

  it('TOK-10 turns codes off after twenty wrong ones in a row, until a link succeeds', async () => {
    const person = await registerInBrowser(test)
    const { email, browser, token } = person
    let code = person.code
    for (let i = 0; i < 20; i++) {
      if (i > 0 && i % 5 === 0) code = (await resend(email, browser)).code
      expect(await enter(browser, email, wrongCode(code))).toEqual(invalid)
    }
    expect(await countersOf({ email })).toEqual([{ count: 20, attempts: 5 }])
    expect((await deliverMail(test)).sent).toMatchObject([{ kind: 'codesBlocked', to: email }])
    code = (await resend(email, browser)).code
    expect(await enter(browser, email, code)).toEqual(invalid)
    expect(await confirmUser(test.runtime, browser, { token })).toMatchObject({ ok: true })
    expect(await countersOf({ email })).toMatchObject([{ count: 0 }])
  })

  it('TOK-10 turns them on again after a reset', async () => {
    const { email, browser } = await registerInBrowser(test)
    await test.rows(sql`update users set failed_code_count = 20 where email = ${email}`)
    await deliverUserResetPasswordInstructions(test.runtime, browser, { email })
    const token = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
    await resetUserPassword(test.runtime, browser, { token, password: newPassword })
    expect(await countersOf({ email })).toMatchObject([{ count: 0 }])
  })

  it('TOK-10 never counts past twenty, however many come at once', async () => {
    await race('user.failedCodeCount', {
      maxWinners: 16,
      prepare: async () => {
        const person = await registerInBrowser(test)
        await test.rows(sql`update users set failed_code_count = 18 where email = ${person.email}`)
        return person
      },
      attempt: async ({ email, code, browser }) => !(await enter(browser, email, wrongCode(code))).ok,
      invariant: async ({ email }) => {
        expect(await countersOf({ email })).toEqual([{ count: 20, attempts: 2 }])
        const lockouts = (await readAudit(test, email)).filter(({ action }) => action === 'security.lockout')
        expect(lockouts).toEqual([
          {
            action: 'security.lockout',
            outcome: 'denied',
            metadata: { method: 'mailed-code', browser: 'known', attempts: 20 },
          },
        ])
      },
    })
  })

  it('TOK-02 works for thirty minutes; its link lives on', async () => {
    const { email, code, browser, token } = await registerInBrowser(test)
    test.advance({ minutes: 30, milliseconds: 1 })
    expect(await enter(browser, email, code)).toEqual(invalid)
    expect(await confirmUser(test.runtime, browser, { token })).toMatchObject({ ok: true })
  })

  it('TOK-05 is replaced by the code of a newer mail', async () => {
    const { email, code, browser } = await registerInBrowser(test)
    const newer = await resend(email, browser)
    expect(await enter(browser, email, code)).toEqual(invalid)
    const tried = await test.rows(sql`
      select t.attempts from users_tokens t join users u on u.id = t.user_id
      where u.email = ${email} order by t.requested_at`)
    expect(tried).toEqual([{ attempts: 0 }, { attempts: 1 }])
    expect(await enter(browser, email, newer.code)).toMatchObject({ ok: true })
  })

  it('PRE-09 asks the question of the link where the account was registered in another browser', async () => {
    const attacker = await registerInBrowser(test)
    const victim = createTestCaller()
    const { code, token } = await resend(attacker.email, victim)
    expect(await enter(victim, attacker.email, code)).toEqual({ ok: false, reason: 'other-browser', token })
    expect(await countersOf(attacker)).toEqual([{ count: 0, attempts: 0 }]) // a right code is no guess
    expect(await confirmUser(test.runtime, victim, { token })).toEqual({ ok: false, reason: 'other-browser' })
    expect(await enter(attacker.browser, attacker.email, code)).toEqual(invalid)

    const chosen = await confirmUserWithNewPassword(test.runtime, victim, { token, password: newPassword })
    expect(chosen).toEqual({ ok: true })
    expect((await logInUser(test.runtime, createTestCaller(), attacker)).ok).toBe(false)
  })

  it('ENUM-15 answers a wrong code alike, with the same statements, whether the account exists or not', async () => {
    const known = await registerInBrowser(test)
    const confirmed = await createTestUser(test)
    const code = wrongCode(known.code)
    const seen = []
    for (const email of [known.email, confirmed.email, createTestEmail()]) {
      seen.push(
        await recordQueries(test.orm, async () => {
          expect(await enter(known.browser, email, code)).toEqual(invalid)
        }),
      )
    }
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).toEqual(seen[0])
  })

  it('AUD-04 writes one event for a wrong code, without the code', async () => {
    const { email, code, browser } = await registerInBrowser(test)
    const wrong = wrongCode(code)
    await enter(browser, email, wrong)
    const rows = await readAudit(test, email)
    expect(rows.slice(1)).toEqual([
      {
        action: 'auth.confirm',
        outcome: 'failure',
        metadata: { method: 'code', reason: 'invalid-code', identifier: expect.any(String) },
      },
    ])
    expect(JSON.stringify(rows)).not.toContain(wrong)
  })

  it('refuses what is no address or no code without failing', async () => {
    const { email, code, browser } = await registerInBrowser(test)
    const values = [
      undefined,
      null,
      7,
      [],
      {},
      '',
      '12345',
      '1234567',
      '١٢٣٤٥٦',
      '\0',
      '\ud800',
      'x'.repeat(1e6),
    ]
    for (const value of values) {
      expect(await confirmUserByCode(test.runtime, browser, { email, code: value })).toEqual(invalid)
      expect(await confirmUserByCode(test.runtime, browser, { email: value, code })).toEqual(invalid)
    }
    expect(await enter(browser, email, code)).toMatchObject({ ok: true })
  })
})

describe('confirmUserByCode under its limits', () => {
  it('TOK-10 takes ten codes an hour of one browser for one address, whether it has an account or not', async () => {
    const test: TestRuntime = await createTestRuntime({ policy: cheapHashing })
    const known: TestRegistration = await registerInBrowser(test)
    for (const email of [known.email, createTestEmail()]) {
      const { browserToken } = createTestCaller()
      const enter = (i: number) =>
        confirmUserByCode(test.runtime, createTestCaller({ clientAddress: `203.0.113.${i}`, browserToken }), {
          email,
          code: '000000',
        })
      for (let i = 0; i < 10; i++) expect(await enter(i)).toEqual(invalid)
      expect(await enter(11)).toEqual({ ok: false, reason: 'limited', retryAfterSeconds: expect.any(Number) })
    }
    await test.close()
  })
})
