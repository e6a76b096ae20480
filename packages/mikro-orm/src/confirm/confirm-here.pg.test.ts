import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Sql, sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { registerUser } from '../register/register-user.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  race,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import { deliverMail, findMail, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import {
  canLogIn,
  isConfirmed,
  registerInBrowser,
  type TestRegistration,
} from '../testing/test-registration.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { confirmUserByCode } from './confirm-user-by-code.ts'
import { confirmUserWithNewPassword } from './confirm-user-with-new-password.ts'
import { confirmUser } from './confirm-user.ts'
import { deliverUserConfirmationInstructions } from './deliver-user-confirmation-instructions.ts'

const otherPassword = 'seven herons over the weir'
const forms = ['link', 'code'] as const
type Form = (typeof forms)[number]

let test: TestRuntime
let early: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  const { runtime } = test
  early = { ...test, runtime: { ...runtime, policy: { ...runtime.policy, requireConfirmation: false } } }
})
afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
afterAll(() => test.close())

/** What the mail of a registration brings, used in some browser. */
function confirm(
  form: Form,
  { token, email, code }: TestRegistration,
  from: TestCaller,
  { runtime }: TestRuntime = test,
) {
  return form === 'link'
    ? confirmUser(runtime, from, { token })
    : confirmUserByCode(runtime, from, { email, code })
}

async function askAgain({ email }: TestRegistration, browser: TestCaller) {
  await deliverUserConfirmationInstructions(test.runtime, browser, { email })
  const { props } = findMail(await deliverMail(test), 'confirmAddress')
  return { token: tokenOf(props.confirmUrl), code: props.code }
}

const set = ({ email }: TestRegistration, change: Sql) =>
  test.rows(sql`update users set ${change} where email = ${email}`)
const sessionsOf = ({ email }: TestRegistration) =>
  test.rows<{ awaiting: string | null; aal: number; amr: string[]; sudoMethod: string | null }>(sql`
    select s.awaiting, s.aal, s.amr, s.sudo_method as "sudoMethod"
    from user_sessions s join users u on u.id = s.user_id where u.email = ${email}`)
const whom = async (browser: TestCaller) => (await nextRequest(test.runtime, browser)).session?.user.email
/** Another request of the same browser, which has seen none of the answers. */
const tabOf = ({ browserToken }: TestCaller) => createTestCaller({ browserToken })

describe.each(forms)('confirming by %s in the browser that registered', (form) => {
  it('signs in by mailbox and password, unremembered, and goes where the person wanted to', async () => {
    const browser = createTestCaller()
    const email = `way.${crypto.randomUUID()}@example.com`
    const input = { email, password: otherPassword }
    await registerUser(test.runtime, browser, input, { redirectTo: '/reports?of=may' })
    const { props } = findMail(await deliverMail(test), 'confirmAddress')
    const person = { ...input, browser, token: tokenOf(props.confirmUrl), code: props.code }

    const confirmed = { ok: true, outcome: 'signed-in', redirectTo: '/reports?of=may' }
    expect(await confirm(form, person, browser)).toEqual(confirmed)
    expect(browser).toMatchObject({ remembered: false, maxAgeSeconds: null })
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      awaiting: null,
      aal: 1,
      sudoMethod: 'password',
      user: { email },
    })
    expect(await sessionsOf(person)).toMatchObject([{ amr: ['email', 'pwd'] }])
    expect((await deliverMail(test)).sent).toMatchObject([{ kind: 'addressConfirmed' }])
  })

  it('AUD-04 writes that it was confirmed, and a sign-in by that', async () => {
    const person = await registerInBrowser(test)
    await confirm(form, person, person.browser)
    expect((await readAudit(test, person.email)).slice(1)).toEqual([
      { action: 'auth.confirm', outcome: 'success', metadata: { method: form, sessions: 0 } },
      { action: 'auth.log_in', outcome: 'success', metadata: { method: 'confirm', result: 'signed-in' } },
    ])
  })

  it('PRE-15 goes by the mailbox alone once the ten minutes of sudo are over', async () => {
    const person = await registerInBrowser(test)
    test.advance({ minutes: 10, milliseconds: 1 })
    Object.assign(person, await askAgain(person, person.browser))
    expect(await confirm(form, person, person.browser)).toMatchObject({ ok: true, outcome: 'signed-in' })
    expect(await sessionsOf(person)).toEqual([{ awaiting: null, aal: 1, amr: ['email'], sudoMethod: null }])
  })

  it('PRE-15 goes by the mailbox alone where the password is not the one registering stored', async () => {
    const person = await registerInBrowser(test)
    await set(person, sql`password_changed_at = now()`)
    expect(await confirm(form, person, person.browser)).toMatchObject({ ok: true, outcome: 'signed-in' })
    expect(await sessionsOf(person)).toMatchObject([{ amr: ['email'], sudoMethod: null }])
  })

  it('PRE-15 is nothing for who registered an address that its owner took over by a reset', async () => {
    const stranger = await registerInBrowser(test)
    const owner = createTestCaller()
    await deliverUserResetPasswordInstructions(test.runtime, owner, stranger)
    const token = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
    await resetUserPassword(test.runtime, owner, { token, password: otherPassword })
    expect(await confirm(form, stranger, stranger.browser)).toEqual({ ok: false, reason: 'invalid' })
    expect(await sessionsOf(stranger)).toEqual([])
  })

  it('PRE-11 leaves another account signed in that is, and signs nobody in', async () => {
    const other = await createTestUser(test)
    const person = await registerInBrowser(test)
    const { browser } = person
    await logInUser(test.runtime, browser, other)
    const before = browser.sessionToken
    expect(await confirm(form, person, browser)).toMatchObject({ ok: true, outcome: null })
    expect(await isConfirmed(test, person)).toBe(true)
    expect(browser).toMatchObject({ sessionToken: before, cleared: 0 })
    expect(await whom(browser)).toBe(other.email)
    expect(await sessionsOf(person)).toEqual([])
    // Pressed again, it says the same, whoever is here by then.
    const again = tabOf(browser)
    expect(await confirm(form, person, again)).toMatchObject({ ok: true, outcome: null })
    expect(again.sessionToken).toBeNull()
  })

  it('PRE-11 leaves another account alone whose session went on in another tab while this request was held', async () => {
    const other = await createTestUser(test)
    const person = await registerInBrowser(test)
    await logInUser(test.runtime, person.browser, other)
    await nextRequest(test.runtime, person.browser)
    await test.rows(
      sql`update user_sessions set token_hash = sha256(id::text::bytea) where user_id = ${other.id}`,
    )
    expect(await confirm(form, person, person.browser)).toMatchObject({ ok: true, outcome: null })
    expect(await sessionsOf(person)).toEqual([])
  })

  it.each([
    ['has ended', (id: string) => sql`update user_sessions set expires_at = now() where user_id = ${id}`],
    [
      'waits for a step',
      (id: string) => sql`
      update user_sessions set awaiting = 'second-factor' where user_id = ${id}`,
    ],
    ['is of somebody disabled', (id: string) => sql`update users set disabled_at = now() where id = ${id}`],
  ])('signs in where a session of another account %s', async (_, change) => {
    const other = await createTestUser(test)
    const person = await registerInBrowser(test)
    await logInUser(test.runtime, person.browser, other)
    await test.rows(change(other.id))
    expect(await confirm(form, person, person.browser)).toMatchObject({ outcome: 'signed-in' })
    expect(await whom(person.browser)).toBe(person.email)
  })

  it('leaves who is signed in to that very account as they are', async () => {
    const person = await registerInBrowser(early)
    await logInUser(early.runtime, person.browser, { ...person, rememberMe: true })
    const before = person.browser.sessionToken
    const confirmed = await confirm(form, person, person.browser, early)
    expect(confirmed).toMatchObject({ ok: true, outcome: 'signed-in' })
    expect(person.browser).toMatchObject({ sessionToken: before, remembered: true })
    expect(await sessionsOf(person)).toMatchObject([{ amr: ['pwd'] }])
    expect(await confirm(form, person, person.browser, early)).toEqual(confirmed)
  })

  it('signs in the same where nobody has to confirm', async () => {
    const person = await registerInBrowser(early)
    expect(await confirm(form, person, person.browser, early)).toMatchObject({ outcome: 'signed-in' })
    expect(await sessionsOf(person)).toMatchObject([{ amr: ['email', 'pwd'] }])
  })

  it('confirms and then refuses a disabled account', async () => {
    const person = await registerInBrowser(test)
    await set(person, sql`disabled_at = now()`)
    expect(await confirm(form, person, person.browser)).toEqual({ ok: false, reason: 'disabled' })
    expect(await isConfirmed(test, person)).toBe(true)
    expect(person.browser.sessionToken).toBeNull()
    expect((await readAudit(test, person.email)).at(-1)).toMatchObject({
      action: 'auth.log_in_failed',
      outcome: 'denied',
      metadata: { method: 'confirm', reason: 'disabled' },
    })
    await confirm(form, person, person.browser)
    expect(await sessionsOf(person)).toEqual([])
  })

  it('PRE-14 pressed twice, it signs in by the answer that arrived, into the one session', async () => {
    const person = await registerInBrowser(test)
    const [first, second] = [tabOf(person.browser), tabOf(person.browser)]
    const answer = await confirm(form, person, first)
    expect(await confirm(form, person, second)).toEqual(answer)
    expect([await whom(first), await whom(second)]).toEqual([undefined, person.email])
    expect(await sessionsOf(person)).toHaveLength(1)
    // Its token has come back by now: no third answer takes it away.
    const third = tabOf(person.browser)
    expect(await confirm(form, person, third)).toEqual(answer)
    expect({ third: third.sessionToken, second: await whom(second) }).toEqual({
      third: null,
      second: person.email,
    })
  })

  it('PRE-14 of sixteen tabs at once, leaves one living session', async () => {
    await race('userToken.usedAt', {
      maxWinners: 4,
      prepare: () => registerInBrowser(test),
      attempt: async (person) => {
        const tab = tabOf(person.browser)
        const confirmed = await confirm(form, person, tab)
        return confirmed.ok && tab.sessionToken !== null
      },
      invariant: async (person) => expect(await sessionsOf(person)).toHaveLength(1),
    })
  })
})

describe('MFA-01: confirming in the browser that registered, in every state of an account', () => {
  const totp = ({ email }: TestRegistration) => sql`
    insert into user_totp (id, user_id, sealed_secret, activated_at)
    select gen_random_uuid(), id, 'sealed', now() from users where email = ${email}`
  const passkey = ({ email }: TestRegistration) => sql`
    insert into user_passkeys (id, user_id, credential_id, public_key, aaguid, transports, backup_eligible, backed_up,
      nickname)
    select gen_random_uuid(), id, sha256(random()::text::bytea), 'key', gen_random_uuid(), '{}', false, false, 'key'
    from users where email = ${email}`
  const columns =
    (change: Sql) =>
    ({ email }: TestRegistration) =>
      sql`update users set ${change} where email = ${email}`

  it.each<[string, (person: TestRegistration) => Sql, string, string | null]>([
    ['no factor', columns(sql`updated_at = now()`), 'signed-in', null],
    ['TOTP active', totp, 'second-factor-required', 'second-factor'],
    ['passkey only', passkey, 'signed-in', null],
    [
      'wants two and has none',
      columns(sql`require_second_step = true`),
      'second-factor-enrolment-required',
      'enrolment',
    ],
    [
      'must change the password',
      columns(sql`must_change_password = true`),
      'password-change-required',
      'password-change',
    ],
  ])('%s: by link and by code alike', async (_, prepare, outcome, awaiting) => {
    for (const form of forms) {
      const person = await registerInBrowser(test)
      await test.rows(prepare(person))
      expect(await confirm(form, person, person.browser)).toMatchObject({ ok: true, outcome })
      expect(await sessionsOf(person)).toMatchObject([{ awaiting, aal: 1 }])
    }
  })
})

describe('confirming in any other browser', () => {
  it('PRE-10 signs in nobody, neither here nor in the browser that registered', async () => {
    const stranger = await registerInBrowser(test)
    const owner = createTestCaller()
    expect(await confirm('link', stranger, owner)).toEqual({ ok: false, reason: 'other-browser' })
    const proven = { token: stranger.token, password: stranger.password }
    expect(await confirmUser(test.runtime, owner, proven)).toMatchObject({ ok: true, outcome: null })
    expect(await isConfirmed(test, stranger)).toBe(true)
    expect([owner.sessionToken, stranger.browser.sessionToken]).toEqual([null, null])
    expect(await sessionsOf(stranger)).toEqual([])
    expect(await confirm('link', stranger, stranger.browser)).toEqual({ ok: false, reason: 'invalid' })
    expect(await confirm('code', stranger, stranger.browser)).toEqual({ ok: false, reason: 'invalid' })
  })

  it('PRE-10 leaves the registering browser nothing once another password was chosen', async () => {
    const stranger = await registerInBrowser(test)
    const input = { token: stranger.token, password: otherPassword }
    expect(await confirmUserWithNewPassword(test.runtime, createTestCaller(), input)).toEqual({ ok: true })
    for (const form of forms) {
      expect(await confirm(form, stranger, stranger.browser)).toEqual({ ok: false, reason: 'invalid' })
    }
    expect(await sessionsOf(stranger)).toEqual([])
  })

  it('PRE-10 is any browser without an id', async () => {
    const person = await registerInBrowser(test)
    const nameless = { ...createTestCaller(), browserToken: null }
    const { token } = person
    expect(await confirmUser(test.runtime, nameless, { token })).toEqual({
      ok: false,
      reason: 'other-browser',
    })
    expect(await sessionsOf(person)).toEqual([])
  })

  it('PRE-13 a code works in no browser but the one that asked, and signs in none but the one that registered', async () => {
    const person = await registerInBrowser(test)
    const elsewhere = createTestCaller()
    const { code, token } = await askAgain(person, elsewhere)
    expect(await confirm('code', { ...person, code }, person.browser)).toMatchObject({ reason: 'invalid' })
    expect(await confirm('code', { ...person, code }, elsewhere)).toEqual({
      ok: false,
      reason: 'other-browser',
      token,
    })
    expect(await sessionsOf(person)).toEqual([])
  })

  it('PRE-12 who registers the address again elsewhere moves neither the password nor the browser that confirms', async () => {
    const person = await registerInBrowser(test)
    const stranger = createTestCaller()
    const again = { email: person.email, password: otherPassword }
    expect(await registerUser(test.runtime, stranger, again)).toEqual({ ok: true })
    expect((await deliverMail(test)).sent).toMatchObject([{ kind: 'resetPassword' }])
    expect(await confirm('link', person, stranger)).toEqual({ ok: false, reason: 'other-browser' })
    expect(await confirm('code', person, stranger)).toMatchObject({ ok: false, reason: 'invalid' })
    expect(await confirm('link', person, person.browser)).toMatchObject({ outcome: 'signed-in' })
    expect(stranger.sessionToken).toBeNull()
    expect(await canLogIn(test, person.email, otherPassword)).toBe(false)
    expect(await canLogIn(test, person.email, person.password)).toBe(true)
  })
})
