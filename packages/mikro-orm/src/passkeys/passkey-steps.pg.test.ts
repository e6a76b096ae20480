import type { CeremonyChanges } from '@sigra/core/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql, type Sql } from '../database/sql.ts'
import { resolveSession } from '../sessions/resolve-session.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'
import { getSudoState } from '../sudo/sudo-state.ts'
import { SessionOvertaken } from '../sessions/continue-session.ts'
import {
  createTestCaller,
  createTestRuntime,
  nextRequest,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import {
  answerLogIn,
  answerSecondFactor,
  answerSudo,
  createFreshBrowser,
  createPasskeyUser,
  enrolTestPasskey,
  type PasskeyUser,
} from '../testing/passkeys/test-passkey.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { renewTestSession, signInTestUser } from '../testing/test-session.ts'
import { logInUserByPasskey } from './log-in-user-by-passkey.ts'
import { createPasskeySudo, sudoByPasskey } from './sudo-by-passkey.ts'
import { createPasskeySecondFactor, verifySecondFactorByPasskey } from './verify-second-factor-by-passkey.ts'

let test: TestRuntime
let ada: PasskeyUser
beforeAll(async () => {
  test = await createTestRuntime({
    policy: { ...cheapHashing, limits: { client: generousLimits.limits?.client ?? {} } },
  })
})
afterAll(() => test.close())
beforeEach(async () => {
  test.advance({ hours: 2 })
  ada = await createPasskeyUser(test)
})

const refused = { ok: false, reason: 'invalid-passkey' }
const set = (change: Sql) => test.rows(sql`update users set ${change} where id = ${ada.user.id}`)
const giveCodes = () =>
  test.rows(sql`
    insert into user_backup_codes (id, user_id, lookup_prefix, code_hash, created_at)
    values (gen_random_uuid(), ${ada.user.id}, 'x', 'x', now())`)

describe('verifySecondFactorByPasskey', () => {
  let browser: TestCaller
  beforeEach(async () => {
    await set(sql`require_second_step = true`)
    await giveCodes()
    browser = await signInTestUser(test, ada.user, createFreshBrowser())
  })
  const verify = async (changes?: CeremonyChanges, trustBrowser = false) => {
    const response = await answerSecondFactor(test, browser, ada.passkey, changes)
    return verifySecondFactorByPasskey(test.runtime, browser, { response, trustBrowser })
  }

  it('finishes the sign-in with both proofs, under another token', async () => {
    const former = browser.sessionToken
    expect(await verify()).toMatchObject({ ok: true, outcome: 'signed-in' })
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      awaiting: null,
      aal: 2,
      amr: ['pwd', 'pop', 'user'],
      sudoMethod: 'passkey',
    })
    expect(former && (await resolveSession(test.runtime, former))).toBeNull()
  })

  it('MFA-05: lets codes count again that had been refused', async () => {
    await set(sql`failed_second_factor_count = 100, second_factor_wait_until = now() + interval '1 day'`)
    expect(await verify()).toMatchObject({ ok: true })
    const [row] = await test.rows(
      sql`select failed_second_factor_count as n from users where id = ${ada.user.id}`,
    )
    expect(row).toEqual({ n: 0 })
  })

  it('PK-08: counts as possession alone without user verification, which is enough beside a password', async () => {
    expect(await verify({ userVerified: false })).toMatchObject({ ok: true, outcome: 'signed-in' })
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      aal: 2,
      amr: ['pwd', 'pop'],
      sudoMethod: 'second-factor',
    })
  })

  it('trusts the browser where that was asked for', async () => {
    expect(await verify({}, true)).toMatchObject({ ok: true })
    expect(browser.trustTokens).toHaveLength(1)
    await signInTestUser(test, ada.user, browser)
    expect(browser.session).toMatchObject({ awaiting: null, aal: 1 })
  })

  it('TB-03: trusts it no longer once another passkey was added', async () => {
    expect(await verify({}, true)).toMatchObject({ ok: true })
    await enrolTestPasskey(test, await nextRequest(test.runtime, browser))
    await signInTestUser(test, ada.user, browser)
    expect(browser.session).toMatchObject({ awaiting: 'second-factor' })
  })

  it('TB-03: leaves the session that a trusted browser has where another passkey is added elsewhere', async () => {
    await verify({}, true)
    const trusted = await signInTestUser(test, ada.user, browser)
    browser = await signInTestUser(test, ada.user, createFreshBrowser())
    await verify()
    await enrolTestPasskey(test, await nextRequest(test.runtime, browser))
    expect((await nextRequest(test.runtime, trusted)).session).toMatchObject({
      awaiting: null,
      aal: 1,
      hasSudo: false,
    })
    await signInTestUser(test, ada.user, trusted)
    expect(trusted.session).toMatchObject({ awaiting: 'second-factor' })
  })

  it('ENUM-11: names no passkey, and asks whoever waits for it alone', async () => {
    expect(await createPasskeySecondFactor(test.runtime, browser)).toMatchObject({
      options: { allowCredentials: [] },
    })
    const ended = { ok: false, reason: 'session-ended' }
    for (const stranger of [createTestCaller(), ada.browser]) {
      expect(await createPasskeySecondFactor(test.runtime, stranger)).toEqual(ended)
      expect(await verifySecondFactorByPasskey(test.runtime, stranger, { response: null })).toEqual(ended)
    }
  })

  it('PK-10: takes nobody else’s passkey', async () => {
    const eve = await createPasskeyUser(test)
    const response = await answerSecondFactor(test, browser, eve.passkey)
    expect(await verifySecondFactorByPasskey(test.runtime, browser, { response })).toEqual(refused)
    expect((await nextRequest(test.runtime, browser)).session?.awaiting).toBe('second-factor')
  })

  it('PK-02: takes no answer of the log-in page', async () => {
    const response = await answerLogIn(test, browser, ada.passkey)
    expect(await verifySecondFactorByPasskey(test.runtime, browser, { response })).toEqual(refused)
  })

  it('PK-18: turns a disabled account away', async () => {
    await set(sql`disabled_at = now()`)
    await expect(verify()).rejects.toThrow(SessionOvertaken)
    expect((await nextRequest(test.runtime, browser)).session).toBeNull()
  })

  it('writes down what failed and what went well', async () => {
    await verify({ origin: 'https://evil.test' })
    await verify()
    const lines = await test.rows<{ line: string }>(sql`
      select action || ' ' || coalesce(metadata->>'reason', '') as line from audit_events
      where subject_id = ${ada.user.id} and action in ('mfa.failed', 'mfa.verified', 'passkey.used')
      order by occurred_at, id`)
    expect(lines.map(({ line }) => line.trim()).toSorted()).toEqual([
      'mfa.failed wrong-origin',
      'mfa.verified',
      'passkey.used',
    ])
  })
})

describe('sudoByPasskey', () => {
  const sudo = async (changes?: CeremonyChanges, browser = ada.browser) => {
    const response = await answerSudo(test, browser, ada.passkey, changes)
    return sudoByPasskey(test.runtime, browser, { response })
  }
  const wait = async (browser = ada.browser) => {
    test.advance({ minutes: 11 })
    await nextRequest(test.runtime, browser)
  }

  it('SESS-02: gives ten minutes to a session of two factors, under another token', async () => {
    const browser = createFreshBrowser()
    const response = await answerLogIn(test, browser, ada.passkey)
    await logInUserByPasskey(test.runtime, browser, { response })
    await nextRequest(test.runtime, browser)
    await wait(browser)
    const [former, id] = [browser.sessionToken, browser.session?.id]
    expect(browser.session?.hasSudo).toBe(false)
    expect(await sudo({}, browser)).toMatchObject({ ok: true, outcome: 'signed-in' })
    expect(former && (await resolveSession(test.runtime, former))).toBeNull()
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      id,
      hasSudo: true,
      sudoMethod: 'passkey',
    })
    await wait(browser)
    expect(browser.session?.hasSudo).toBe(false)
  })

  it('raises a session of one factor through the door: it has two afterwards, and sudo', async () => {
    await wait()
    const former = ada.browser.session
    expect(former).toMatchObject({ aal: 1, hasSudo: false })
    expect(await sudo()).toMatchObject({ ok: true, outcome: 'signed-in' })
    const { session } = await nextRequest(test.runtime, ada.browser)
    expect(session).toMatchObject({
      aal: 2,
      hasSudo: true,
      sudoMethod: 'passkey',
      amr: ['pwd', 'pop', 'user'],
    })
    expect(session?.id).not.toBe(former?.id)
  })

  it('SUDO-03: is offered beside the second factor, which nothing weaker stands in for', async () => {
    await test.rows(sql`
      insert into user_totp (id, user_id, sealed_secret, activated_at, created_at)
      values (gen_random_uuid(), ${ada.user.id}, 'x', now(), now())`)
    expect(await getSudoState(test.runtime, ada.browser)).toMatchObject({
      needsSecondFactor: true,
      password: false,
      totp: true,
      areaFactors: ['passkey'],
    })
    await wait()
    expect(await sudo()).toMatchObject({ ok: true })
    expect((await nextRequest(test.runtime, ada.browser)).session).toMatchObject({ aal: 2, hasSudo: true })
  })

  it('SUDO-03, PK-08: takes no passkey that verified nobody', async () => {
    await wait()
    expect(await sudo({ userVerified: false })).toEqual(refused)
    expect((await nextRequest(test.runtime, ada.browser)).session?.hasSudo).toBe(false)
  })

  it('PK-10: takes nobody else’s passkey', async () => {
    const eve = await createPasskeyUser(test)
    await wait()
    const response = await answerSudo(test, ada.browser, eve.passkey)
    expect(await sudoByPasskey(test.runtime, ada.browser, { response })).toEqual(refused)
  })

  it('is not given to a session that ended meanwhile', async () => {
    for (const raise of [true, false]) {
      ada = await createPasskeyUser(test)
      if (!raise) {
        await sudo()
        await nextRequest(test.runtime, ada.browser)
      }
      const response = await answerSudo(test, ada.browser, ada.passkey)
      await test.rows(sql`delete from user_sessions where user_id = ${ada.user.id}`)
      await expect(sudoByPasskey(test.runtime, ada.browser, { response })).rejects.toThrow(SessionOvertaken)
    }
  })

  it('SUDO-05: ends the session of whoever tries too often', async () => {
    const answers = []
    for (let n = 0; n < 6; n++)
      answers.push(await sudoByPasskey(test.runtime, ada.browser, { response: null }))
    expect(answers).toEqual([
      ...Array.from({ length: 5 }, () => refused),
      { ok: false, reason: 'session-ended' },
    ])
    expect(ada.browser.sessionToken).toBeNull()
  })

  it('is for who is signed in', async () => {
    await expect(createPasskeySudo(test.runtime, createTestCaller())).rejects.toThrow(SudoRequired)
    await expect(sudoByPasskey(test.runtime, createTestCaller(), { response: null })).rejects.toThrow(
      SudoRequired,
    )
  })

  it('raises nothing by a renewal', async () => {
    await renewTestSession(test.runtime, ada.browser, { sudo: 'passkey' })
    expect((await nextRequest(test.runtime, ada.browser)).session).toMatchObject({ aal: 1 })
  })
})
