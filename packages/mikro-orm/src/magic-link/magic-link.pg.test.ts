import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { registerUser } from '../register/register-user.ts'
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
import { registerInBrowser, wrongCode } from '../testing/test-registration.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { deliverUserLogInInstructions } from './deliver-user-log-in-instructions.ts'
import { getUserByMagicLinkToken } from './get-user-by-magic-link-token.ts'
import { logInUserByMagicCode } from './log-in-user-by-magic-code.ts'
import { logInUserByMagicLink } from './log-in-user-by-magic-link.ts'

const invalid = { ok: false, reason: 'invalid' }

describe.each(['uuid', 'bigint'] as const)('magic links with %s keys', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  async function ask(email: string, browser = createTestCaller(), redirectTo: string | null = null) {
    await deliverUserLogInInstructions(test.runtime, browser, { email, redirectTo })
    const { props, to } = findMail(await deliverMail(test), 'magicLink')
    return { token: tokenOf(props.logInUrl), code: props.code, browser, to }
  }
  const open = (token: unknown, browser = createTestCaller()) =>
    logInUserByMagicLink(test.runtime, browser, { token })
  const enter = (email: string, code: string, browser: TestCaller) =>
    logInUserByMagicCode(test.runtime, browser, { email, code })
  const sessionOf = async (browser: TestCaller) => (await nextRequest(test.runtime, browser)).session

  it('sign in whoever holds the mail, in any browser, at one factor and without sudo', async () => {
    const user = await createTestUser(test)
    const { token } = await ask(user.email, undefined, '/reports')
    const browser = createTestCaller()
    expect(await open(token, browser)).toEqual({
      ok: true,
      outcome: 'signed-in',
      userId: user.id,
      redirectTo: '/reports',
      isPasswordRemoved: false,
    })
    expect(await sessionOf(browser)).toMatchObject({
      userId: user.id,
      aal: 1,
      amr: ['email'],
      hasSudo: false,
      remembered: false,
    })
  })

  it('TOK-01 work once, by link or by code', async () => {
    const user = await createTestUser(test)
    const first = await ask(user.email)
    expect(await open(first.token)).toMatchObject({ ok: true })
    expect(await open(first.token)).toEqual(invalid)
    expect(await enter(user.email, first.code, first.browser)).toEqual(invalid)

    const second = await ask(user.email)
    expect(await enter(user.email, second.code, second.browser)).toMatchObject({ ok: true })
    expect(await open(second.token)).toEqual(invalid)
  })

  it('TOK-02 live for ten minutes', async () => {
    const user = await createTestUser(test)
    const { token, code, browser } = await ask(user.email)
    test.advance({ minutes: 9, milliseconds: 50_000 })
    expect(await getUserByMagicLinkToken(test.runtime, createTestCaller(), token)).not.toBeNull()
    test.advance({ milliseconds: 10_001 })
    expect(await getUserByMagicLinkToken(test.runtime, createTestCaller(), token)).toBeNull()
    expect(await open(token)).toEqual(invalid)
    expect(await enter(user.email, code, browser)).toEqual(invalid)
  })

  it('TOK-05 end with a newer one of the same browser, and all with the use of one', async () => {
    const user = await createTestUser(test)
    const elsewhere = await ask(user.email)
    const older = await ask(user.email)
    const newer = await ask(user.email, older.browser)
    expect(await open(older.token)).toEqual(invalid)
    expect(await enter(user.email, older.code, older.browser)).toEqual(invalid)
    expect(await open(newer.token)).toMatchObject({ ok: true })
    expect(await open(elsewhere.token)).toEqual(invalid)
  })

  it('TOK-03 TOK-08 take no other token, and one of sixteen at once', async () => {
    for (const token of ['', 'x', null, 7, undefined, (await registerInBrowser(test)).token]) {
      expect(await open(token)).toEqual(invalid)
    }
    await race('userToken.usedAt', {
      rounds: 10,
      prepare: async () => {
        const user = await createTestUser(test)
        return { user, ...(await ask(user.email)) }
      },
      attempt: async ({ user, token, code, browser }, client) => {
        const result = client % 16 < 15 ? await open(token) : await enter(user.email, code, { ...browser })
        return result.ok
      },
      invariant: async ({ user }, winners) => {
        expect(winners).toBe(1)
        expect(await test.rows(sql`select from user_sessions where user_id = ${user.id}`)).toHaveLength(1)
      },
    })
  })

  it('TOK-10 TOK-11: the code works in the browser that asked, five times wrong at most', async () => {
    const user = await createTestUser(test)
    const { code, browser } = await ask(user.email)
    expect(await enter(user.email, code, createTestCaller())).toEqual(invalid)
    for (let n = 0; n < 5; n++) expect(await enter(user.email, wrongCode(code), browser)).toEqual(invalid)
    expect(await enter(user.email, code, browser)).toEqual(invalid)
  })

  it('TOK-10 tell the owner when the last wrong code in a row turned codes off, once', async () => {
    const user = await createTestUser(test)
    const { code, browser } = await ask(user.email)
    await test.rows(sql`update users set unknown_failed_code_count = 18 where id = ${user.id}`)
    for (const sent of [[], [{ kind: 'codesBlocked', to: user.email }], []]) {
      expect(await enter(user.email, wrongCode(code), browser)).toEqual(invalid)
      expect((await deliverMail(test)).sent).toMatchObject(sent)
    }
    expect(await enter(user.email, code, browser)).toEqual(invalid)
  })

  it('ENUM-06 are asked for by the same statements whether or not anybody is there', async () => {
    const user = await createTestUser(test)
    const asked = (email: string) =>
      recordQueries(test.orm, () => deliverUserLogInInstructions(test.runtime, createTestCaller(), { email }))
    expect(await asked(user.email)).toEqual(await asked('nobody@example.com'))
    expect(await readQueue(test)).toHaveLength(2)
    expect(await deliverMail(test)).toMatchObject({ dropped: ['no such user'] })
  })

  it('say the same for a wrong code, whoever is there', async () => {
    const user = await createTestUser(test)
    const browser = createTestCaller()
    expect(await enter(user.email, '123456', browser)).toEqual(invalid)
    expect(await enter('nobody@example.com', '123456', browser)).toEqual(invalid)
    expect(await enter('no address', '12345', browser)).toEqual(invalid)
  })

  it('name the masked account, and the one that is left by going on', async () => {
    const [user, other] = [await createTestUser(test), await createTestUser(test)]
    const { token } = await ask(user.email)
    const page = (browser: TestCaller) => getUserByMagicLinkToken(test.runtime, browser, token)
    const masked = expect.stringMatching(/^[^@]*[*•…][^@]*@/u)
    expect(await page(createTestCaller())).toEqual({ maskedEmail: masked, switchesFrom: null })
    expect(await page(await signInTestUser(test, user))).toEqual({ maskedEmail: masked, switchesFrom: null })
    const stranger = await signInTestUser(test, other)
    expect(await page(stranger)).toEqual({ maskedEmail: masked, switchesFrom: masked })
    expect(await open(token, stranger)).toMatchObject({ ok: true })
    expect(await sessionOf(stranger)).toMatchObject({ userId: user.id })
    expect(await test.rows(sql`select from user_sessions where user_id = ${other.id}`)).toEqual([])
  })

  it('PRE-06 confirm, and keep the chosen password in the registering browser only', async () => {
    const same = await registerInBrowser(test)
    const { token } = await ask(same.email)
    expect(await open(token, same.browser)).toMatchObject({ ok: true, isPasswordRemoved: false })
    expect(await logInUser(test.runtime, createTestCaller(), same)).toMatchObject({ ok: true })

    const attacker = await registerInBrowser(test)
    const victim = await ask(attacker.email)
    expect(await open(victim.token)).toMatchObject({ ok: true, isPasswordRemoved: true })
    expect(await logInUser(test.runtime, attacker.browser, attacker)).toMatchObject({ ok: false })
    expect(
      await test.rows(sql`
        select action from audit_events e join users u on u.id::text = e.subject_id
        where u.email = ${attacker.email} and action = 'auth.confirm' and outcome = 'success'`),
    ).toHaveLength(1)
  })

  it('PRE-06 end what a stranger signed in before the first proof', async () => {
    const lax = await createTestRuntime({
      idType,
      policy: { ...generousLimits, ...cheapHashing, requireConfirmation: false },
    })
    const attacker = createTestCaller()
    const input = { email: `lax-${idType}@example.com`, password: 'a lonely lighthouse keeper' }
    await registerUser(lax.runtime, attacker, input)
    expect(await logInUser(lax.runtime, attacker, input)).toMatchObject({ ok: true })
    await deliverMail(lax)
    await deliverUserLogInInstructions(lax.runtime, createTestCaller(), input)
    const { props } = findMail(await deliverMail(lax), 'magicLink')
    const token = tokenOf(props.logInUrl)
    expect(await logInUserByMagicLink(lax.runtime, createTestCaller(), { token })).toMatchObject({
      isPasswordRemoved: true,
    })
    expect((await nextRequest(lax.runtime, attacker)).session).toBeNull()
    await lax.close()
  })

  it('MFA-01 end at the door: the second factor is asked for, a disabled account stays shut', async () => {
    const user = await createTestUser(test)
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    expect(await open((await ask(user.email)).token)).toMatchObject({ outcome: 'password-change-required' })
    await test.rows(sql`update users set require_second_step = true where id = ${user.id}`)
    expect(await open((await ask(user.email)).token)).toMatchObject({
      outcome: 'second-factor-enrolment-required',
    })
    await test.rows(sql`update users set disabled_at = now() where id = ${user.id}`)
    expect(await open((await ask(user.email)).token)).toEqual({ ok: false, reason: 'disabled' })
  })

  it('RL-01 open an account again that guesses had locked', async () => {
    const user = await createTestUser(test)
    await test.rows(sql`
      update users set failed_password_count = 100, password_locked_at = now() where id = ${user.id}`)
    expect(await logInUser(test.runtime, createTestCaller(), user)).toMatchObject({ ok: false })
    await open((await ask(user.email)).token)
    expect(await logInUser(test.runtime, createTestCaller(), user)).toMatchObject({ ok: true })
  })

  it('are off where the policy says so, and nobody can tell', async () => {
    const user = await createTestUser(test)
    const { token, code, browser } = await ask(user.email)
    const magicLink = { ...test.runtime.policy.magicLink, enabled: false }
    const runtime = { ...test.runtime, policy: { ...test.runtime.policy, magicLink } }
    expect(await deliverUserLogInInstructions(runtime, browser, user)).toEqual({ ok: true })
    expect(await readQueue(test)).toEqual([])
    expect(await getUserByMagicLinkToken(runtime, browser, token)).toBeNull()
    expect(await logInUserByMagicLink(runtime, browser, { token })).toEqual(invalid)
    expect(await logInUserByMagicCode(runtime, browser, { email: user.email, code })).toEqual(invalid)
  })

  it('TOK-15 change nothing when they are looked at', async () => {
    const user = await createTestUser(test)
    const { token } = await ask(user.email)
    for (let n = 0; n < 3; n++) await getUserByMagicLinkToken(test.runtime, createTestCaller(), token)
    expect(await open(token)).toMatchObject({ ok: true })
  })
})
