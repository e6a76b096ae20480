import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { SessionOvertaken } from '../sessions/continue-session.ts'
import { resolveSession } from '../sessions/resolve-session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { renewTestSession, signInTestUser } from '../testing/test-session.ts'
import { sudoByPassword } from './sudo-by-password.ts'
import { requireFreshSudo, SudoRequired } from './sudo-session.ts'
import { getSudoState } from './sudo-state.ts'

let test: TestRuntime
let user: TestUser
let browser: TestCaller
beforeAll(async () => {
  test = await createTestRuntime()
})
afterAll(() => test.close())
beforeEach(async () => {
  user = await createTestUser(test)
  browser = await signInTestUser(test, user)
  test.advance({ minutes: 11 })
  await nextRequest(test.runtime, browser)
})

const activateTotp = () =>
  test.rows(sql`
    insert into user_totp (id, user_id, sealed_secret, activated_at, created_at)
    values (gen_random_uuid(), ${user.id}, 'x', now(), now())`)

describe('sudoByPassword', () => {
  it('SESS-02: gives ten minutes for the password, under a new token', async () => {
    const former = browser.sessionToken
    expect(browser.session?.hasSudo).toBe(false)
    expect(await sudoByPassword(test.runtime, browser, { password: user.password })).toEqual({ ok: true })
    expect(former && (await resolveSession(test.runtime, former))).toBeNull()
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      hasSudo: true,
      sudoMethod: 'password',
      aal: 1,
    })
    test.advance({ minutes: 10, milliseconds: 1 })
    expect((await nextRequest(test.runtime, browser)).session?.hasSudo).toBe(false)
  })

  it('SUDO-03: does not count where a second factor is on', async () => {
    await activateTotp()
    expect(await sudoByPassword(test.runtime, browser, { password: user.password })).toEqual({
      ok: false,
      reason: 'wrong',
    })
    expect((await nextRequest(test.runtime, browser)).session?.hasSudo).toBe(false)
  })

  it('SUDO-05: ends the session of whoever guesses', async () => {
    for (let n = 0; n < 5; n++) {
      expect(await sudoByPassword(test.runtime, browser, { password: 'a guess' })).toMatchObject({
        reason: 'wrong',
      })
    }
    expect(await sudoByPassword(test.runtime, browser, { password: user.password })).toEqual({
      ok: false,
      reason: 'session-ended',
    })
    expect(browser.sessionToken).toBeNull()
    const lines = await test.rows<{ action: string; outcome: string }>(sql`
      select action, outcome from audit_events where subject_id = ${user.id} and action like 'session.%'
      order by occurred_at, id`)
    expect(lines.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      ...Array.from({ length: 5 }, () => 'session.sudo failure'),
      'session.revoked denied',
    ])
  })

  it('SESS-20: ends no session by its id: one guess too many by who holds its former token changes nothing', async () => {
    for (let n = 0; n < 5; n++) await sudoByPassword(test.runtime, browser, { password: 'a guess' })
    const late = { ...browser }
    await renewTestSession(test.runtime, browser)
    await expect(sudoByPassword(test.runtime, late, { password: 'a guess' })).rejects.toThrow(
      SessionOvertaken,
    )
    expect(late.sessionToken).not.toBeNull()
    expect((await nextRequest(test.runtime, browser)).session).not.toBeNull()
  })

  it('is for who is signed in', async () => {
    await expect(sudoByPassword(test.runtime, createTestCaller(), { password: 'x' })).rejects.toThrow(
      SudoRequired,
    )
  })
})

describe('getSudoState', () => {
  const state = () => getSudoState(test.runtime, browser)

  it('names the password where there is nothing stronger', async () => {
    expect(await state()).toMatchObject({
      password: true,
      areaFactors: [],
      needsSecondFactor: false,
      emailCode: false,
    })
  })

  it('names the second factor alone where one is on, and recovery where codes are left', async () => {
    await activateTotp()
    expect(await state()).toEqual({
      needsSecondFactor: true,
      password: false,
      totp: true,
      areaFactors: [],
      emailCode: false,
      recovery: null,
    })
    await test.rows(sql`
      insert into user_backup_codes (id, user_id, lookup_prefix, code_hash, created_at)
      values (gen_random_uuid(), ${user.id}, 'x', 'x', now())`)
    expect(await state()).toMatchObject({ recovery: 'password' })
  })

  it('falls back to a mailed code where there is neither password nor passkey', async () => {
    await test.rows(sql`update users set hashed_password = null where id = ${user.id}`)
    expect(await state()).toMatchObject({ password: false, emailCode: true })
  })

  it('says nothing to strangers', async () => {
    expect(await getSudoState(test.runtime, createTestCaller())).toBeNull()
  })
})

describe('requireFreshSudo', () => {
  it('takes what a backup code opened for replacing a lost factor, and for nothing else', async () => {
    const session = browser.session && { ...browser.session, hasSudo: true, sudoMethod: 'recovery' as const }
    expect(() => requireFreshSudo(session, 'disable-second-factor')).not.toThrow()
    expect(() => requireFreshSudo(session, 'change-password')).toThrow(SudoRequired)
    expect(() => requireFreshSudo(session, 'add-passkey')).toThrow(SudoRequired)
  })
})
