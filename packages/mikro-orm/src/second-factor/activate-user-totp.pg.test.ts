import { createTotpSecret } from '@sigra/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { insertPasskey } from '../testing/passkeys/insert-passkey.ts'
import { readQueue } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTotpUser, logInBrowser, totpCode } from '../testing/test-second-factor.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { activateUserTotp } from './activate-user-totp.ts'
import { enrollUserTotp } from './enroll-user-totp.ts'
import { getUserSecondFactorState } from './get-user-second-factor-state.ts'
import { openTotp, sealTotp, totpPlace } from './totp-secret.ts'
import { verifyUserSecondFactor } from './verify-user-second-factor.ts'
import type { TotpEnrolment } from '../flow-result.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
afterAll(() => test.close())

async function enrol(browser: TestCaller): Promise<TotpEnrolment> {
  const enrolled = await enrollUserTotp(test.runtime, browser)
  if (!enrolled.ok) throw new Error(enrolled.reason)
  return enrolled.enrolment
}
const activate = (browser: TestCaller, code: unknown) => activateUserTotp(test.runtime, browser, { code })
const codesOf = ({ id }: TestUser) => test.rows(sql`select from user_backup_codes where user_id = ${id}`)
const stateOf = async (browser: TestCaller) =>
  getUserSecondFactorState(test.runtime, await nextRequest(test.runtime, browser))

describe('a sign-in with one factor, where policy wants two and its owner has got a passkey since', () => {
  const oblige = (): TestRuntime['runtime'] => ({
    ...test.runtime,
    policy: { ...test.runtime.policy, secondFactor: 'all' },
  })

  it('MFA-09 attaches no app, begun before that or after it', async () => {
    const runtime = oblige()
    for (const isBegunBefore of [true, false]) {
      const user = await createTestUser(test)
      const thief = createTestCaller()
      await logInUser(runtime, thief, user)
      await nextRequest(runtime, thief)
      expect(thief.session).toMatchObject({ awaiting: 'enrolment', aal: 1 })
      const begin = async () => {
        const begun = await enrollUserTotp(runtime, thief)
        if (!begun.ok) throw new Error(begun.reason)
        return begun.enrolment
      }
      const before = isBegunBefore ? await begin() : null
      await insertPasskey(test, user)
      const code = totpCode(test, before ?? (await begin()))
      expect(await activateUserTotp(runtime, thief, { code })).toEqual({ ok: false, reason: 'session-ended' })
      expect(
        await test.rows(sql`
        select from user_totp where user_id = ${user.id} and activated_at is not null`),
      ).toEqual([])
      expect(await codesOf(user)).toEqual([])
    }
  })

  it('is asked for both where it is a full session', async () => {
    const user = await createTestUser(test)
    const browser = await logInBrowser(test, user)
    const code = totpCode(test, await enrol(browser))
    await insertPasskey(test, user)
    await expect(activateUserTotp(oblige(), browser, { code })).rejects.toThrow(SudoRequired)
    expect(await codesOf(user)).toEqual([])
  })
})

describe('enrolling an authenticator app', () => {
  it('shows a seed that counts for nothing yet', async () => {
    const user = await createTestUser(test)
    const browser = await logInBrowser(test, user)
    const enrolment = await enrol(browser)
    expect(enrolment.uri).toContain(`otpauth://totp/Acme:${encodeURIComponent(user.email)}?secret=`)
    expect(enrolment.uri).toContain(enrolment.key.replaceAll(' ', ''))
    expect(await stateOf(browser)).toMatchObject({ totp: null, enrolment, isActive: false })
    const later = createTestCaller()
    expect(await logInUser(test.runtime, later, user)).toMatchObject({ outcome: 'signed-in' })
  })

  it('stores the seed sealed', async () => {
    const user = await createTestUser(test)
    const { key } = await enrol(await logInBrowser(test, user))
    const [row] = await test.rows<{ text: string }>(
      sql`select to_jsonb(f)::text as text from user_totp f where user_id = ${user.id}`,
    )
    expect(row?.text).toContain('"v1.k1.')
    expect(row?.text).not.toContain(key.replaceAll(' ', ''))
  })

  it('counts the last seed of several tabs', async () => {
    const browser = await logInBrowser(test, await createTestUser(test))
    const [older, newer] = [await enrol(browser), await enrol(browser)]
    expect(await activate(browser, totpCode(test, older))).toEqual({ ok: false, reason: 'wrong-code' })
    expect(await stateOf(browser)).toMatchObject({ totp: null, enrolment: newer })
    expect(await activate(browser, totpCode(test, newer))).toMatchObject({ ok: true })
  })

  it('shows and activates a seed only in the session that asked for it', async () => {
    const user = await createTestUser(test)
    const [owner, thief] = [await logInBrowser(test, user), await logInBrowser(test, user)]
    const enrolment = await enrol(owner)
    expect(await stateOf(thief)).toMatchObject({ totp: null, enrolment: null })
    expect(await activate(thief, totpCode(test, enrolment))).toEqual({ ok: false, reason: 'not-enrolled' })
  })

  it.each([
    ['an anonymous visitor', sql`awaiting = awaiting`, false],
    ['a session whose sudo is over', sql`sudo_at = null`, true],
    ['a session that waits for its second factor', sql`awaiting = 'second-factor'`, true],
    ['a session that waits for a new password', sql`awaiting = 'password-change'`, true],
  ])('MFA-09: is refused for %s', async (_, change, hasSession) => {
    const user = await createTestUser(test)
    const browser = hasSession ? await logInBrowser(test, user) : createTestCaller()
    await test.rows(sql`update user_sessions set ${change} where user_id = ${user.id}`)
    await nextRequest(test.runtime, browser)
    await expect(enrollUserTotp(test.runtime, browser)).rejects.toThrow(SudoRequired)
    await expect(activate(browser, '000000')).rejects.toThrow(SudoRequired)
    expect(await test.rows(sql`select from user_totp where user_id = ${user.id}`)).toEqual([])
  })

  it('is refused before the address is confirmed', async () => {
    const user = await createTestUser(test)
    const browser = await logInBrowser(test, user)
    await test.rows(sql`update users set confirmed_at = null where id = ${user.id}`)
    await nextRequest(test.runtime, browser)
    expect(await enrollUserTotp(test.runtime, browser)).toEqual({ ok: false, reason: 'unconfirmed' })
  })
})

describe('activating an authenticator app', () => {
  it('gives ten codes, tells the owner, and raises this session', async () => {
    const user = await createTestUser(test)
    const browser = await logInBrowser(test, user, createTestCaller(), { rememberMe: true })
    const former = browser.sessionToken
    const enrolment = await enrol(browser)
    const activated = await activate(browser, totpCode(test, enrolment))
    if (!activated.ok) throw new Error(activated.reason)
    expect(activated.outcome).toBe('signed-in')
    expect(new Set(activated.backupCodes).size).toBe(10)
    expect(await codesOf(user)).toHaveLength(10)
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      aal: 2,
      amr: ['pwd', 'otp'],
      awaiting: null,
      sudoMethod: 'second-factor',
      remembered: true,
    })
    expect(browser.sessionToken).not.toBe(former)
    expect(await stateOf(browser)).toMatchObject({
      totp: { activatedAt: expect.any(Date) },
      enrolment: null,
      backupCodesLeft: 10,
      isActive: true,
    })
    expect(await readQueue(test)).toMatchObject([{ kind: 'secondFactorAdded', address: user.canonical }])
    expect((await readAudit(test, user.email)).map(({ action }) => action)).toEqual([
      'auth.log_in',
      'mfa.enrolled',
      'mfa.activated',
      'auth.log_in',
    ])
  })

  it('SESS-10: ends every other session, pending sign-in and mailed link', async () => {
    const user = await createTestUser(test)
    const [browser, other] = [await logInBrowser(test, user), await logInBrowser(test, user)]
    await test.rows(sql`
      insert into users_tokens (id, user_id, key_id, selector, purpose, token_hash, sent_to, requested_at, expires_at)
      values (gen_random_uuid(), ${user.id}, 'k1', 'aaaaaaaaaaaaaaaa', 'reset-password', sha256('x'),
        ${user.canonical}, now(), now() + interval '1 hour')`)
    await activate(browser, totpCode(test, await enrol(browser)))
    expect((await nextRequest(test.runtime, other)).session).toBeNull()
    expect((await nextRequest(test.runtime, browser)).session).not.toBeNull()
    expect(
      await test.rows(sql`select from users_tokens where user_id = ${user.id} and superseded_at is null`),
    ).toEqual([])
  })

  it('wants a code of the enrolled app, and says no more than that', async () => {
    const user = await createTestUser(test)
    const browser = await logInBrowser(test, user)
    const enrolment = await enrol(browser)
    for (const code of ['000000', '', undefined, '１２３４５６', totpCode(test, enrolment, 3)]) {
      expect(await activate(browser, code)).toEqual({ ok: false, reason: 'wrong-code' })
    }
    expect(await codesOf(user)).toEqual([])
    expect(await stateOf(browser)).toMatchObject({ totp: null, enrolment })
  })

  it('accepts a phone whose clock is a step off, and a code typed in two groups', async () => {
    const browser = await logInBrowser(test, await createTestUser(test))
    const code = totpCode(test, await enrol(browser), -1)
    expect(await activate(browser, `${code.slice(0, 3)} ${code.slice(3)}`)).toMatchObject({ ok: true })
  })

  it('MFA-02: spends the code it was activated by', async () => {
    const user = await createTestUser(test)
    const browser = await logInBrowser(test, user)
    const enrolment = await enrol(browser)
    const code = totpCode(test, enrolment)
    await activate(browser, code)
    const next = await logInBrowser(test, user)
    expect(await verifyUserSecondFactor(test.runtime, next, { code })).toEqual({
      ok: false,
      reason: 'already-used',
    })
  })

  it('keeps the former app until a code of its successor was typed', async () => {
    const { user, browser, code, codes } = await createTotpUser(test)
    const successor = await enrol(browser)
    expect(await stateOf(browser)).toMatchObject({ totp: {}, enrolment: successor })
    const elsewhere = await logInBrowser(test, user)
    expect(await verifyUserSecondFactor(test.runtime, elsewhere, { code: code() })).toMatchObject({
      ok: true,
    })

    const replaced = await activate(browser, totpCode(test, successor))
    expect(replaced).toMatchObject({ ok: true, outcome: 'signed-in' })
    test.advance({ milliseconds: 60_000 })
    const next = await logInBrowser(test, user)
    expect(await verifyUserSecondFactor(test.runtime, next, { code: code() })).toMatchObject({ ok: false })
    expect(await verifyUserSecondFactor(test.runtime, next, { backupCode: codes[0] })).toMatchObject({
      ok: false,
    })
    expect(
      await verifyUserSecondFactor(test.runtime, next, { code: totpCode(test, successor) }),
    ).toMatchObject({ ok: true })
  })

  it('AUD-02: leaves nothing behind when its audit line cannot be written', async () => {
    const user = await createTestUser(test)
    const browser = await logInBrowser(test, user)
    const enrolment = await enrol(browser)
    await test.rows(
      sql`alter table audit_events add constraint no_more check (action <> 'mfa.activated') not valid`,
    )
    await expect(activate(browser, totpCode(test, enrolment))).rejects.toThrow()
    await test.rows(sql`alter table audit_events drop constraint no_more`)
    expect(await codesOf(user)).toEqual([])
    expect(await stateOf(browser)).toMatchObject({ totp: null, enrolment })
  })
})

describe('a sealed seed', () => {
  it('MFA-11: opens nothing in the row of somebody else', async () => {
    const [victim, thief] = [await createTotpUser(test), await createTotpUser(test)]
    await test.rows(sql`
      update user_totp set sealed_secret = (select sealed_secret from user_totp where user_id = ${thief.user.id})
      where user_id = ${victim.user.id}`)
    const browser = await logInBrowser(test, victim.user)
    for (const code of [thief.code(), victim.code()]) {
      expect(await verifyUserSecondFactor(test.runtime, browser, { code })).toEqual({
        ok: false,
        reason: 'wrong-code',
      })
    }
  })

  it('MFA-11: opens only under its own row id, and not as another kind of value', () => {
    const secret = createTotpSecret()
    const sealed = sealTotp(test.runtime, secret, totpPlace('row-1'))
    expect(openTotp(test.runtime, sealed, totpPlace('row-1'))).toEqual(secret)
    expect(openTotp(test.runtime, sealed, totpPlace('row-2'))).toBeNull()
    expect(openTotp(test.runtime, sealed, 'row-1')).toBeNull()
  })
})
