import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
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
import { readQueue } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTotpUser, logInBrowser } from '../testing/test-second-factor.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { disableUserTotp } from './disable-user-totp.ts'
import { getUserSecondFactorState } from './get-user-second-factor-state.ts'
import { regenerateUserBackupCodes } from './regenerate-user-backup-codes.ts'
import { allowUserOneStep, requireUserSecondStep } from './require-user-second-step.ts'
import { verifyUserSecondFactor } from './verify-user-second-factor.ts'

let test: TestRuntime
let obliging: TestRuntime['runtime']
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  obliging = { ...test.runtime, policy: { ...test.runtime.policy, secondFactor: 'all' } }
})
afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
afterAll(() => test.close())

const addPasskey = ({ id }: TestUser) =>
  test.rows(sql`
    insert into user_passkeys (id, user_id, credential_id, public_key, aaguid, transports, backup_eligible, backed_up,
      nickname) values (gen_random_uuid(), ${id}, sha256(random()::text::bytea), 'key', gen_random_uuid(), '{}', false,
      false, 'key')`)
const codesOf = ({ id }: TestUser) => test.rows(sql`select from user_backup_codes where user_id = ${id}`)
const stateOf = async (browser: TestCaller) =>
  getUserSecondFactorState(test.runtime, await nextRequest(test.runtime, browser))

const changes = {
  disable: (browser: TestCaller) => disableUserTotp(test.runtime, browser),
  regenerate: (browser: TestCaller) => regenerateUserBackupCodes(test.runtime, browser),
  'require a second step': (browser: TestCaller) => requireUserSecondStep(test.runtime, browser),
}
const everyChange = Object.entries(changes)

describe('a change of second factors', () => {
  it.each(everyChange)(
    'SESS-10, SESS-02: %s ends other sessions and gives this one another token',
    async (_, change) => {
      const { user, browser, code } = await createTotpUser(test)
      const other = await logInBrowser(test, user)
      await verifyUserSecondFactor(test.runtime, other, { code: code() })
      const pending = await logInBrowser(test, user)
      const former = browser.sessionToken
      expect(await change(browser)).toMatchObject({ ok: true })
      expect(browser.sessionToken).not.toBe(former)
      expect((await nextRequest(test.runtime, browser)).session).not.toBeNull()
      for (const gone of [other, pending]) {
        expect((await nextRequest(test.runtime, gone)).session).toBeNull()
      }
    },
  )

  it.each(everyChange)('MFA-09: %s is refused without a sudo of the second factor', async (_, change) => {
    const { user, browser, code } = await createTotpUser(test)
    await expect(change(createTestCaller())).rejects.toThrow(SudoRequired)
    await expect(change(await logInBrowser(test, user))).rejects.toThrow(SudoRequired)

    const trusted = createTestCaller()
    await logInBrowser(test, user, trusted)
    await verifyUserSecondFactor(test.runtime, trusted, { code: code(), trustBrowser: true })
    const { browserToken, trustTokens } = trusted
    const byPassword = await logInBrowser(test, user, createTestCaller({ browserToken, trustTokens }))
    expect(byPassword.session).toMatchObject({ awaiting: null, aal: 1 })
    await expect(change(byPassword)).rejects.toThrow(SudoRequired)

    test.advance({ minutes: 11 })
    await expect(change(await nextRequest(test.runtime, browser))).rejects.toThrow(SudoRequired)
    expect(await stateOf(browser)).toMatchObject({ backupCodesLeft: 10, isActive: true })
  })

  it.each(everyChange)('%s does nothing in a session that ended a moment ago', async (_, change) => {
    const { user, browser } = await createTotpUser(test)
    const before = await codesOf(user)
    await test.rows(sql`delete from user_sessions where user_id = ${user.id}`)
    await expect(change(browser)).rejects.toThrow(SessionOvertaken)
    expect(await codesOf(user)).toHaveLength(before.length)
    expect(await test.rows(sql`select from user_totp where user_id = ${user.id}`)).toHaveLength(1)
    expect((await readAudit(test, user.email)).map(({ action }) => action)).not.toContain('mfa.disabled')
  })
})

describe('disabling the authenticator app', () => {
  it('takes its codes along, and the challenge', async () => {
    const { user, browser } = await createTotpUser(test)
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    expect(await disableUserTotp(test.runtime, browser)).toEqual({ ok: true, backupCodes: [] })
    expect(await codesOf(user)).toEqual([])
    expect(await stateOf(browser)).toMatchObject({ totp: null, isActive: false })
    expect(await readQueue(test)).toMatchObject([{ kind: 'secondFactorRemoved', address: user.canonical }])
    expect((await logInBrowser(test, user)).session?.awaiting).toBeNull()
    expect(await disableUserTotp(test.runtime, browser)).toEqual({ ok: false, reason: 'not-active' })
  })

  it('works for who signed in by a backup code: that is what it is for', async () => {
    const { user, codes } = await createTotpUser(test)
    const browser = await logInBrowser(test, user)
    await verifyUserSecondFactor(test.runtime, browser, { backupCode: codes[0] })
    await nextRequest(test.runtime, browser)
    await expect(regenerateUserBackupCodes(test.runtime, browser)).rejects.toThrow(SudoRequired)
    expect(await disableUserTotp(test.runtime, browser)).toMatchObject({ ok: true })
  })

  it('makes new codes where a passkey is still asked for', async () => {
    const { user, browser, codes } = await createTotpUser(test)
    await addPasskey(user)
    await test.rows(sql`update users set require_second_step = true where id = ${user.id}`)
    const disabled = await disableUserTotp(test.runtime, browser)
    if (!disabled.ok) throw new Error(disabled.reason)
    expect(disabled.backupCodes).toHaveLength(10)
    expect(disabled.backupCodes).not.toEqual(codes)
    expect(await stateOf(browser)).toMatchObject({ isActive: true, backupCodesLeft: 10 })
  })

  it('is refused to whom the policy obliges and who has nothing else', async () => {
    const { user, browser } = await createTotpUser(test)
    expect(await disableUserTotp(obliging, browser)).toEqual({ ok: false, reason: 'required' })
    await addPasskey(user)
    expect(await disableUserTotp(obliging, await nextRequest(test.runtime, browser))).toMatchObject({
      ok: true,
    })
  })

  it('takes the wish for a second step along where nothing is left to be asked for', async () => {
    const { user, browser } = await createTotpUser(test)
    await test.rows(sql`update users set require_second_step = true where id = ${user.id}`)
    expect(await disableUserTotp(test.runtime, browser)).toMatchObject({ ok: true })
    expect((await logInBrowser(test, user)).session?.awaiting).toBeNull()
  })
})

describe('making backup codes anew', () => {
  it('MFA-07: ends the former ones, and the owner is told', async () => {
    const { user, browser, codes } = await createTotpUser(test)
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    const made = await regenerateUserBackupCodes(test.runtime, browser)
    if (!made.ok) throw new Error(made.reason)
    expect(await readQueue(test)).toMatchObject([{ kind: 'backupCodesReplaced', address: user.canonical }])
    const later = await logInBrowser(test, user)
    expect(await verifyUserSecondFactor(test.runtime, later, { backupCode: codes[0] })).toMatchObject({
      ok: false,
    })
    expect(
      await verifyUserSecondFactor(test.runtime, later, { backupCode: made.backupCodes[0] }),
    ).toMatchObject({ ok: true, backupCodesLeft: 9 })
  })

  it('is nothing for who is never asked for one', async () => {
    const user = await createTestUser(test)
    const browser = await logInBrowser(test, user)
    expect(await regenerateUserBackupCodes(test.runtime, browser)).toEqual({
      ok: false,
      reason: 'not-active',
    })
    expect(await codesOf(user)).toEqual([])
  })
})

describe('asking for a second step', () => {
  it('by somebody with a passkey gives codes in the same transaction, and a challenge from now on', async () => {
    const user = await createTestUser(test)
    await addPasskey(user)
    const browser = await logInBrowser(test, user)
    expect(browser.session?.awaiting).toBeNull() // having a passkey switches nothing on
    const on = await requireUserSecondStep(test.runtime, browser)
    if (!on.ok) throw new Error(on.reason)
    expect(on.backupCodes).toHaveLength(10)
    expect(await requireUserSecondStep(test.runtime, await nextRequest(test.runtime, browser))).toEqual({
      ok: false,
      reason: 'unchanged',
    })
    const later = await logInBrowser(test, user)
    expect(later.session?.awaiting).toBe('second-factor')
    expect(
      await verifyUserSecondFactor(test.runtime, later, { backupCode: on.backupCodes[0] }),
    ).toMatchObject({ ok: true })
  })

  it('is refused where there is nothing to ask for', async () => {
    const browser = await logInBrowser(test, await createTestUser(test))
    expect(await requireUserSecondStep(test.runtime, browser)).toEqual({
      ok: false,
      reason: 'no-factor',
    })
  })

  it('leaves codes alone that are there already, and goes off again', async () => {
    const { user, browser, codes } = await createTotpUser(test)
    expect(await requireUserSecondStep(test.runtime, browser)).toEqual({
      ok: true,
      backupCodes: [],
    })
    await nextRequest(test.runtime, browser)
    expect(await allowUserOneStep(test.runtime, browser)).toMatchObject({
      ok: true,
    })
    const later = await logInBrowser(test, user)
    expect(await verifyUserSecondFactor(test.runtime, later, { backupCode: codes[0] })).toMatchObject({
      ok: true,
    })
  })

  it('off takes codes along that nothing asks for any more', async () => {
    const user = await createTestUser(test)
    await addPasskey(user)
    const browser = await logInBrowser(test, user)
    await requireUserSecondStep(test.runtime, browser)
    await nextRequest(test.runtime, browser)
    expect(await allowUserOneStep(test.runtime, browser)).toEqual({
      ok: true,
      backupCodes: [],
    })
    expect(await codesOf(user)).toEqual([])
  })
})
