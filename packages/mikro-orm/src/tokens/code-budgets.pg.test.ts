import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { confirmUserByCode } from '../confirm/confirm-user-by-code.ts'
import { confirmUser } from '../confirm/confirm-user.ts'
import { deliverUserConfirmationInstructions } from '../confirm/deliver-user-confirmation-instructions.ts'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { deliverUserLogInInstructions } from '../magic-link/deliver-user-log-in-instructions.ts'
import { logInUserByMagicCode } from '../magic-link/log-in-user-by-magic-code.ts'
import { logInUserByMagicLink } from '../magic-link/log-in-user-by-magic-link.ts'
import { revokeOtherUserSessions } from '../sessions/revoke-user-sessions.ts'
import { deliverUserSudoCode, sudoByCode } from '../sudo/sudo-code.ts'
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
import { generousLimits } from '../testing/test-policy.ts'
import { createTestEmail, registerInBrowser, wrongCode } from '../testing/test-registration.ts'
import { signInTestUser } from '../testing/test-session.ts'

const invalid = { ok: false, reason: 'invalid' }
const { limits } = generousLimits

describe('the tries of mailed codes', () => {
  let test: TestRuntime
  beforeAll(async () => {
    const target = { ...limits?.target, codeEntry: { capacity: 10, perSeconds: 3600 } }
    test = await createTestRuntime({ policy: { limits: { ...limits, target } } })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  const confirm = (browser: TestCaller, email: string, code: string) =>
    confirmUserByCode(test.runtime, browser, { email, code })
  const logIn = (browser: TestCaller, email: string, code: string) =>
    logInUserByMagicCode(test.runtime, browser, { email, code })
  const countersOf = async ({ email }: { email: string }) => {
    const [row] = await test.rows<{ known: number; unknown: number }>(sql`
      select failed_code_count as known, unknown_failed_code_count as unknown from users where email = ${email}`)
    return row
  }
  const countLimits = async () => (await test.rows(sql`select from sigra_limits`)).length

  /** A code to sign in with. The newest of this browser, whatever others asked for. */
  async function mail(email: string, browser: TestCaller): Promise<{ code: string; token: string }> {
    await deliverUserLogInInstructions(test.runtime, browser, { email })
    const { props } = findMail(await deliverMail(test), 'magicLink')
    return { code: props.code, token: tokenOf(props.logInUrl) }
  }

  async function mailConfirmation(
    email: string,
    browser: TestCaller,
  ): Promise<{ code: string; token: string }> {
    await deliverUserConfirmationInstructions(test.runtime, browser, { email })
    const { props } = findMail(await deliverMail(test), 'confirmAddress')
    return { code: props.code, token: tokenOf(props.confirmUrl) }
  }

  async function idleWithoutPassword(): Promise<{ user: TestUser; browser: TestCaller }> {
    const user = await createTestUser(test)
    const browser = await signInTestUser(test, user)
    await test.rows(sql`update users set hashed_password = null where id = ${user.id}`)
    test.advance({ minutes: 11 })
    return { user, browser: await nextRequest(test.runtime, browser) }
  }

  it('RL-01 TOK-10 are not used up by a stranger who was never mailed a code: confirming', async () => {
    const { email, code, browser } = await registerInBrowser(test)
    for (let n = 0; n < 25; n++)
      expect(await confirm(createTestCaller(), email, wrongCode(code))).toEqual(invalid)
    expect(await countersOf({ email })).toEqual({ known: 0, unknown: 0 })
    expect(await confirm(browser, email, code)).toMatchObject({ ok: true, outcome: 'signed-in' })
  })

  it('RL-01 TOK-10 are not used up by a stranger who was never mailed a code: signing in', async () => {
    const user = await createTestUser(test)
    const browser = createTestCaller()
    const { code } = await mail(user.email, browser)
    for (let n = 0; n < 25; n++) {
      expect(await logIn(createTestCaller(), user.email, wrongCode(code))).toEqual(invalid)
    }
    expect(await countersOf(user)).toEqual({ known: 0, unknown: 0 })
    expect(await logIn(browser, user.email, code)).toMatchObject({ ok: true })
  })

  it('RL-01 TOK-10 are not used up by a stranger who was never mailed a code: stepping up', async () => {
    const { user, browser } = await idleWithoutPassword()
    await deliverUserSudoCode(test.runtime, browser)
    const { code } = findMail(await deliverMail(test), 'sudoCode').props
    for (let n = 0; n < 25; n++) {
      expect(await logIn(createTestCaller(), user.email, wrongCode(code))).toEqual(invalid)
    }
    expect(await sudoByCode(test.runtime, browser, { code })).toEqual({ ok: true })
  })

  it('take of the limits only what is the stranger’s own where no code was asked for', async () => {
    const { email, code, browser } = await registerInBrowser(test)
    const before = await countLimits()
    await confirm(createTestCaller({ clientAddress: '203.0.113.77' }), email, wrongCode(code))
    expect(await countLimits()).toBe(before + 2) // its network's, and of its browser for this address
    await confirm({ ...browser, clientAddress: '203.0.113.78' }, email, wrongCode(code))
    expect(await countLimits()).toBe(before + 5) // here the account's, too
  })

  it('RL-01 are shared by all strangers who asked, used up for them alone, and links work', async () => {
    const user = await createTestUser(test)
    const own = await signInTestUser(test, user)
    for (const _ of [1, 2]) {
      const stranger = createTestCaller()
      const { code } = await mail(user.email, stranger)
      for (let n = 0; n < 5; n++) expect(await logIn(stranger, user.email, wrongCode(code))).toEqual(invalid)
    }
    expect(await countersOf(user)).toEqual({ known: 0, unknown: 10 })

    const another = createTestCaller()
    const late = await mail(user.email, another)
    expect(await logIn(another, user.email, late.code)).toEqual(invalid)
    expect(await countersOf(user)).toEqual({ known: 0, unknown: 10 })

    const { code } = await mail(user.email, own)
    expect(await logIn(own, user.email, code)).toMatchObject({ ok: true })

    const { token } = await mail(user.email, another)
    expect(await logInUserByMagicLink(test.runtime, another, { token })).toMatchObject({ ok: true })
    expect(await countersOf(user)).toEqual({ known: 0, unknown: 0 })
  })

  it('TOK-10 are off for strangers after twenty wrong ones in a row, not for the registering browser', async () => {
    const { email, code, browser } = await registerInBrowser(test)
    await test.rows(sql`update users set unknown_failed_code_count = 19 where email = ${email}`)
    const stranger = createTestCaller()
    const asked = await mailConfirmation(email, stranger)
    expect(await confirm(stranger, email, wrongCode(asked.code))).toEqual(invalid)
    expect((await deliverMail(test)).sent).toMatchObject([{ kind: 'codesBlocked', to: email }])
    expect(await confirm(stranger, email, asked.code)).toEqual(invalid)
    expect(await confirm(browser, email, code)).toMatchObject({ ok: true, outcome: 'signed-in' })
  })

  it('TOK-10 are off for the registering browser by its own wrong ones alone, and links work', async () => {
    const { email, code, browser, token } = await registerInBrowser(test)
    await test.rows(sql`update users set failed_code_count = 20 where email = ${email}`)
    expect(await confirm(browser, email, code)).toEqual(invalid)
    const stranger = createTestCaller()
    const asked = await mailConfirmation(email, stranger)
    expect(await confirm(stranger, email, asked.code)).toMatchObject({ reason: 'other-browser' })
    expect(await confirmUser(test.runtime, browser, { token })).toMatchObject({
      ok: true,
      outcome: 'signed-in',
    })
  })

  it('TOK-05 go on with the newest code of the same browser, whatever others ask for', async () => {
    const { email, code, browser } = await registerInBrowser(test)
    await mailConfirmation(email, createTestCaller())
    const newer = await mailConfirmation(email, browser)
    await mailConfirmation(email, createTestCaller())
    expect(await confirm(browser, email, code)).toEqual(invalid)
    expect(await confirm(browser, email, newer.code)).toMatchObject({ ok: true, outcome: 'signed-in' })
  })

  it('are a stranger’s in a browser that was forgotten', async () => {
    const { email, password, code, browser } = await registerInBrowser(test)
    expect(await confirm(browser, email, code)).toMatchObject({ ok: true, outcome: 'signed-in' })
    const other = createTestCaller()
    await logInUser(test.runtime, other, { email, password })
    await revokeOtherUserSessions(test.runtime, await nextRequest(test.runtime, other))
    const asked = await mail(email, browser)
    expect(await logIn(browser, email, wrongCode(asked.code))).toEqual(invalid)
    expect(await countersOf({ email })).toEqual({ known: 0, unknown: 1 })
  })

  it('ENUM-15 are refused alike, used up or not, whether the account exists or not', async () => {
    const user = await createTestUser(test)
    const answers = []
    for (const email of [user.email, createTestEmail()]) {
      const given = []
      for (const _ of [1, 2]) {
        const stranger = createTestCaller()
        await deliverUserLogInInstructions(test.runtime, stranger, { email })
        await deliverMail(test)
        for (let n = 0; n < 11; n++) given.push((await logIn(stranger, email, '000000')).ok)
        await deliverUserLogInInstructions(test.runtime, stranger, { email })
        await deliverMail(test)
        const refused = await logIn(stranger, email, '000001')
        given.push({ ...refused, retryAfterSeconds: 'as long as it takes a token to come back' })
      }
      answers.push(given)
    }
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]?.at(-1)).toMatchObject({ reason: 'limited' })
  })

  it('TOK-10 of strangers are never counted past twenty, however many come at once', async () => {
    await race('user.unknownFailedCodeCount', {
      maxWinners: 16,
      prepare: async () => {
        const { email } = await registerInBrowser(test)
        await test.rows(sql`update users set unknown_failed_code_count = 18 where email = ${email}`)
        const stranger = createTestCaller()
        return { email, stranger, ...(await mailConfirmation(email, stranger)) }
      },
      attempt: async ({ email, code, stranger }) => !(await confirm(stranger, email, wrongCode(code))).ok,
      invariant: async ({ email }) => {
        expect(await countersOf({ email })).toEqual({ known: 0, unknown: 20 })
      },
    })
  })

  it('are counted with their evaluation or not at all', async () => {
    const { email, code, browser } = await registerInBrowser(test)
    await test.rows(sql`alter table audit_events rename to audit_events_away`)
    try {
      for (let n = 0; n < 6; n++) await expect(confirm(browser, email, wrongCode(code))).rejects.toThrow()
    } finally {
      await test.rows(sql`alter table audit_events_away rename to audit_events`)
    }
    expect(await countersOf({ email })).toEqual({ known: 0, unknown: 0 })
    expect(await confirm(browser, email, code)).toMatchObject({ ok: true, outcome: 'signed-in' })
  })
})
