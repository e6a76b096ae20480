import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { disableUserTotp } from '../second-factor/disable-user-totp.ts'
import { changeUserPassword } from '../settings/change-user-password.ts'
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
import { deliverMail, findMail } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { wrongCode } from '../testing/test-registration.ts'
import { createTotpUser } from '../testing/test-second-factor.ts'
import { orOvertaken, signInTestUser } from '../testing/test-session.ts'
import { sudoBySecondFactor } from './sudo-by-second-factor.ts'
import { deliverUserSudoCode, sudoByCode } from './sudo-code.ts'
import { SudoRequired } from './sudo-session.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterAll(() => test.close())
beforeEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))

const sudo = (browser: TestCaller, input: Parameters<typeof sudoBySecondFactor>[2]) =>
  sudoBySecondFactor(test.runtime, browser, input)
const sessionOf = async (browser: TestCaller) => (await nextRequest(test.runtime, browser)).session
/** A session with the app active in which the last proof is old. */
async function idle() {
  const person = await createTotpUser(test)
  test.advance({ minutes: 11 })
  await nextRequest(test.runtime, person.browser)
  return person
}

describe('sudo by the authenticator app', () => {
  it('renews a session of two factors, and spends the code', async () => {
    const { browser, code } = await idle()
    expect(browser.session).toMatchObject({ aal: 2, hasSudo: false })
    const typed = code()
    expect(await sudo(browser, { code: typed })).toEqual({ ok: true })
    expect(await sessionOf(browser)).toMatchObject({ aal: 2, hasSudo: true, sudoMethod: 'second-factor' })
    expect(await sudo(browser, { code: typed })).toEqual({ ok: false, reason: 'already-used' })
  })

  it('raises a session of one factor by a sign-in at the door', async () => {
    const { browser, code, user } = await idle()
    await test.rows(sql`update user_sessions set aal = 1, amr = '{pwd}' where user_id = ${user.id}`)
    await nextRequest(test.runtime, browser)
    expect(await sudo(browser, { code: code() })).toEqual({ ok: true })
    expect(await sessionOf(browser)).toMatchObject({ aal: 2, amr: ['pwd', 'otp'], hasSudo: true })
    const lines = await test.rows(sql`
      select action from audit_events where subject_id = ${user.id} and action = 'session.sudo' and outcome = 'success'`)
    expect(lines).toHaveLength(1)
  })

  it('SUDO-05: counts wrong codes of the account, and ends the session of whoever guesses', async () => {
    const strict = { ...test.runtime, policy: structuredClone(test.runtime.policy) }
    strict.policy.limits.target.sudo = { capacity: 5, perSeconds: 600 }
    const { browser, user } = await idle()
    const guess = () => sudoBySecondFactor(strict, browser, { code: '000000' })
    for (let n = 0; n < 5; n++) expect(await guess()).toMatchObject({ reason: 'wrong' })
    expect(await guess()).toEqual({ ok: false, reason: 'session-ended' })
    expect(await sessionOf(browser)).toBeNull()
    expect(
      await test.rows(sql`select failed_second_factor_count as n from users where id = ${user.id}`),
    ).toEqual([{ n: 5 }])
  })

  it('is for who is signed in', async () => {
    await expect(sudo(createTestCaller(), { code: '123456' })).rejects.toThrow(SudoRequired)
  })

  it('MFA-03 gives one sudo for one code', async () => {
    await race('userTotp.lastStep', {
      rounds: 5,
      prepare: idle,
      attempt: async ({ browser, code }) =>
        (await orOvertaken(sudo({ ...browser }, { code: code() })))?.ok === true,
      invariant: async ({ user }, winners) => {
        expect(winners).toBe(1)
        expect(await test.rows(sql`select from user_sessions where user_id = ${user.id}`)).toHaveLength(1)
      },
    })
  })
})

describe('sudo for a lost app', () => {
  it('takes a backup code beside the password, opens what replaces it and nothing else, and tells the owner', async () => {
    const { browser, user, codes: backupCodes } = await idle()
    const [backupCode] = backupCodes
    expect(await sudo(browser, { backupCode, password: user.password })).toEqual({ ok: true })
    await nextRequest(test.runtime, browser)
    expect(browser.session).toMatchObject({ hasSudo: true, sudoMethod: 'recovery' })
    expect(findMail(await deliverMail(test), 'sudoRecovery').to).toBe(user.email)
    await expect(
      changeUserPassword(test.runtime, browser, { currentPassword: user.password, password: 'x'.repeat(20) }),
    ).rejects.toThrow(SudoRequired)
    expect(await disableUserTotp(test.runtime, browser)).toMatchObject({ ok: true })
  })

  it('takes no backup code alone, and leaves it unused', async () => {
    const { browser, user, codes: backupCodes } = await idle()
    for (const password of [undefined, '', 'not it']) {
      expect(await sudo(browser, { backupCode: backupCodes[0], password })).toEqual({
        ok: false,
        reason: 'wrong',
      })
    }
    expect(
      await test.rows(sql`
      select from user_backup_codes where user_id = ${user.id} and used_at is not null`),
    ).toEqual([])
  })

  it('takes a mailed code beside it where there is no password', async () => {
    const { browser, user, codes: backupCodes } = await idle()
    await test.rows(sql`update users set hashed_password = null where id = ${user.id}`)
    await deliverUserSudoCode(test.runtime, browser)
    const { code } = findMail(await deliverMail(test), 'sudoCode').props
    const [first, second] = backupCodes
    expect(await sudo(browser, { backupCode: first, password: '' })).toEqual({ ok: false, reason: 'wrong' })
    expect(await sudo(browser, { backupCode: second, mailedCode: code })).toEqual({ ok: true })
    expect(await sessionOf(browser)).toMatchObject({ sudoMethod: 'recovery' })
  })
})

describe('sudo by a mailed code', () => {
  async function withoutPassword(): Promise<{ user: TestUser; browser: TestCaller }> {
    const user = await createTestUser(test)
    const browser = await signInTestUser(test, user)
    await test.rows(sql`update users set hashed_password = null where id = ${user.id}`)
    test.advance({ minutes: 11 })
    await nextRequest(test.runtime, browser)
    return { user, browser }
  }
  async function mailCode(browser: TestCaller): Promise<string> {
    await deliverUserSudoCode(test.runtime, browser)
    return findMail(await deliverMail(test), 'sudoCode').props.code
  }

  it('is given once, in the browser that asked', async () => {
    const { user, browser } = await withoutPassword()
    const code = await mailCode(browser)
    const other = { ...createTestCaller(), session: browser.session }
    expect(await sudoByCode(test.runtime, other, { code })).toEqual({ ok: false, reason: 'wrong' })
    expect(await sudoByCode(test.runtime, browser, { code })).toEqual({ ok: true })
    expect(await test.rows(sql`select failed_code_count as n from users where id = ${user.id}`)).toEqual([
      { n: 0 },
    ])
    expect(await sessionOf(browser)).toMatchObject({ hasSudo: true, sudoMethod: 'email', aal: 1 })
    expect(await sudoByCode(test.runtime, browser, { code })).toEqual({ ok: false, reason: 'wrong' })
  })

  it('TOK-10 tells the owner when the last wrong code in a row turned codes off', async () => {
    const { user, browser } = await withoutPassword()
    const code = await mailCode(browser)
    await test.rows(sql`update users set failed_code_count = 19 where id = ${user.id}`)
    const wrong = { ok: false, reason: 'wrong' }
    expect(await sudoByCode(test.runtime, browser, { code: wrongCode(code) })).toEqual(wrong)
    expect((await deliverMail(test)).sent).toMatchObject([{ kind: 'codesBlocked', to: user.email }])
    expect(await sudoByCode(test.runtime, browser, { code })).toEqual(wrong)
  })

  it('SUDO-03: is not given where something stronger can be asked for', async () => {
    const user = await createTestUser(test)
    const browser = await signInTestUser(test, user)
    const code = await mailCode(browser)
    expect(await sudoByCode(test.runtime, browser, { code })).toEqual({ ok: false, reason: 'wrong' })
  })

  it('TOK-03: takes no code of another kind', async () => {
    const { browser } = await withoutPassword()
    const code = await mailCode(browser)
    for (const typed of ['', '12345', `${code}1`, null, 7, '０００００００']) {
      expect(await sudoByCode(test.runtime, browser, { code: typed })).toEqual({ ok: false, reason: 'wrong' })
    }
  })
})
