import { createSelector, deriveMailedToken, Overloaded } from '@sigra/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { inTransaction, newId } from '../database/transaction.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { readStamp } from '../mail/enqueue-mail.ts'
import { hashBrowserToken } from '../sessions/browser-token.ts'
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
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { readAudit, snapshot } from '../testing/test-snapshot.ts'
import { insertToken } from '../tokens/insert-token.ts'
import { deliverUserResetPasswordInstructions } from './deliver-user-reset-password-instructions.ts'
import { getUserByResetPasswordToken } from './get-user-by-reset-password-token.ts'
import { resetUserPassword } from './reset-user-password.ts'

const invalid = { ok: false, reason: 'invalid-token' }
const newPassword = 'seven herons over the weir'

describe.each(['uuid', 'bigint'] as const)('resetUserPassword with %s keys', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  async function askForReset(user: { email: string }): Promise<string> {
    await deliverUserResetPasswordInstructions(test.runtime, createTestCaller(), user)
    return tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
  }

  /** A mailed token of another kind, asked for after everything else. */
  async function insertMagicLink(user: TestUser): Promise<void> {
    const { ring } = test.runtime
    const token = deriveMailedToken(ring, 'magic-link', ring.currentKeyId, createSelector())
    if (!token) throw new Error('not a token')
    const inserted = await inTransaction(test.runtime, async (tx) =>
      insertToken(tx, {
        token,
        userId: user.id,
        sentTo: user.canonical,
        requestedAt: await readStamp(tx),
        lifeMinutes: 10,
        browserHash: null,
      }),
    )
    expect(inserted).toBe(true)
  }

  const reset = (token: unknown, password: unknown = newPassword) =>
    resetUserPassword(test.runtime, createTestCaller(), { token, password })
  const canLogIn = async (email: string, password: string) =>
    (await logInUser(test.runtime, createTestCaller(), { email, password })).ok
  const knows = async ({ id }: TestUser, { browserToken }: TestCaller) => {
    const hash = hashBrowserToken(browserToken)
    const rows = await test.rows(sql`
      select from user_known_browsers where user_id = ${id} and browser_hash = ${hash} and trusted_until is null`)
    return rows.length === 1
  }
  /** As if there had been nine failures more: nobody is so slow that a wait of minutes is over. */
  const lengthenWaits = () => test.rows(sql`update sigra_limits set tokens = tokens + 9 where tokens = 5`)
  const readUser = async ({ id }: TestUser) => {
    const [row] = await test.rows<Record<string, unknown>>(sql`select * from users where id = ${id}`)
    return row
  }

  it('names its account in the browser that asked, for password managers, and masks it in any other', async () => {
    const user = await createTestUser(test)
    const browser = createTestCaller()
    await deliverUserResetPasswordInstructions(test.runtime, browser, user)
    const token = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
    const shownIn = (from: Caller) => getUserByResetPasswordToken(test.runtime, from, token)
    expect(await shownIn(browser)).toMatchObject({ email: user.email })
    expect(await shownIn(createTestCaller())).toMatchObject({ email: null })
    expect(await shownIn({ ...createTestCaller(), browserToken: null })).toMatchObject({ email: null })
  })

  it('replaces the password, signs nobody in, and the owner is told', async () => {
    const user = await createTestUser(test)
    const token = await askForReset(user)
    const browser = createTestCaller()
    expect(await getUserByResetPasswordToken(test.runtime, browser, token)).toEqual({
      maskedEmail: `${user.email[0]}•••@example.com`,
      email: null,
    })
    expect(await resetUserPassword(test.runtime, browser, { token, password: newPassword })).toEqual({
      ok: true,
    })
    expect(browser.sessionToken).toBeNull()
    expect((await deliverMail(test)).sent).toMatchObject([{ kind: 'passwordChanged', to: user.email }])
    expect(await canLogIn(user.email, user.password)).toBe(false)
    expect(await canLogIn(user.email, newPassword)).toBe(true)
  })

  it('SESS-10 ends every session, pending one, mailed token and known browser, in one transaction', async () => {
    const user = await createTestUser(test)
    const browsers = [createTestCaller(), createTestCaller()]
    for (const browser of browsers) await logInUser(test.runtime, browser, user)
    await inTransaction(test.runtime, (tx) =>
      tx.rows(sql`
        insert into user_sessions
          (id, user_id, token_hash, awaiting, amr, authenticated_at, last_seen_at, expires_at)
        values (${newId(tx, tx.tables.userSession)}, ${user.id}, sha256(${user.email}::bytea), 'second-factor',
          '{pwd}', ${tx.now}, ${tx.now}, ${tx.now} + interval '5 minutes')`),
    )
    const token = await askForReset(user)
    await insertMagicLink(user)
    expect(await reset(token)).toEqual({ ok: true })

    expect(await test.rows(sql`select from user_sessions where user_id = ${user.id}`)).toEqual([])
    for (const browser of browsers) expect(await knows(user, browser)).toBe(false)
    // “This wasn’t me” outlives it: it lets nobody in (docs/decisions/040).
    const live = sql`user_id = ${user.id} and used_at is null and superseded_at is null and purpose <> 'not-me'`
    expect(await test.rows(sql`select from users_tokens where ${live}`)).toEqual([])
    for (const browser of browsers) expect((await nextRequest(test.runtime, browser)).session).toBeNull()
  })

  it('ends the session of this browser too when it is the account’s own, and leaves another account’s alone', async () => {
    const user = await createTestUser(test)
    const other = await createTestUser(test)
    for (const [owner, cleared] of [
      [user, 1],
      [other, 0],
    ] as const) {
      const browser = createTestCaller()
      await logInUser(test.runtime, browser, { email: owner.email, password: owner.password })
      await nextRequest(test.runtime, browser)
      const token = await askForReset(user)
      await resetUserPassword(test.runtime, browser, { token, password: user.password })
      expect(browser.cleared).toBe(cleared)
      expect((await nextRequest(test.runtime, browser)).session === null).toBe(cleared === 1)
    }
  })

  it('clears the lock and the failures, confirms, and leaves the account disabled if it was', async () => {
    const user = await createTestUser(test, { confirmed: false })
    await test.rows(sql`
      update users set failed_password_count = 100, password_locked_at = clock_timestamp(), failed_code_count = 20,
        must_change_password = true, disabled_at = clock_timestamp(), failed_second_factor_count = 7
      where id = ${user.id}`)
    expect(await reset(await askForReset(user))).toEqual({ ok: true })
    expect(await readUser(user)).toMatchObject({
      failed_password_count: 0,
      password_locked_at: null,
      failed_code_count: 0,
      must_change_password: false,
      confirmed_at: expect.anything(),
      password_changed_at: expect.anything(),
      disabled_at: expect.anything(),
      failed_second_factor_count: 7,
    })
  })

  it('RL-01 opens the account again, whatever a stranger in the same network did to it', async () => {
    const user = await createTestUser(test)
    const [own, stranger] = [createTestCaller(), createTestCaller()]
    const logIn = (browser: TestCaller, password: string) =>
      logInUser(test.runtime, browser, { email: user.email, password })
    const failUntilLimited = async (browser: TestCaller) => {
      for (let n = 0; n < 5; n++) await logIn(browser, 'a wrong guess')
      await lengthenWaits()
      expect(await logIn(browser, 'a wrong guess')).toMatchObject({ reason: 'limited' })
    }
    expect(await logIn(own, user.password)).toMatchObject({ ok: true })
    await failUntilLimited(stranger)
    await failUntilLimited(own) // the owner, who has forgotten the password

    const token = await askForReset(user)
    expect(await resetUserPassword(test.runtime, own, { token, password: newPassword })).toEqual({ ok: true })
    expect(await knows(user, own)).toBe(true)
    expect(await logIn(createTestCaller(), newPassword)).toMatchObject({ ok: true, outcome: 'signed-in' })

    await failUntilLimited(stranger)
    expect(await logIn(own, newPassword)).toMatchObject({ ok: true, outcome: 'signed-in' })
  })

  it('RL-01 forgets the failures of this network and browser only, and only for a good link', async () => {
    const user = await createTestUser(test)
    const elsewhere = createTestCaller({ clientAddress: '198.51.100.7' })
    for (const browser of [createTestCaller(), elsewhere]) {
      for (let n = 0; n < 5; n++)
        await logInUser(test.runtime, browser, { ...user, password: 'a wrong guess' })
    }
    await lengthenWaits()
    const isLimited = async (browser: TestCaller) => {
      const result = await logInUser(test.runtime, browser, user)
      return !result.ok && result.reason === 'limited'
    }
    const token = await askForReset(user)
    expect(await reset(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).toEqual(invalid)
    expect(await isLimited(createTestCaller())).toBe(true)
    expect(await reset(token)).toEqual({ ok: true })
    expect(await isLimited(createTestCaller())).toBe(false)
    expect(await isLimited(elsewhere)).toBe(true)
  })

  it('TOK-01 works once', async () => {
    const token = await askForReset(await createTestUser(test))
    expect(await reset(token)).toEqual({ ok: true })
    expect(await reset(token)).toEqual(invalid)
    expect(await getUserByResetPasswordToken(test.runtime, createTestCaller(), token)).toBeNull()
  })

  it('TOK-02 lives for sixty minutes, to the millisecond', async () => {
    const user = await createTestUser(test)
    const token = await askForReset(user)
    await test.rows(sql`
      update users_tokens set expires_at = clock_timestamp() + interval '5 seconds' where user_id = ${user.id}`)
    test.advance({ milliseconds: 5001 })
    expect(await reset(token)).toEqual(invalid)
    test.advance({ milliseconds: -5001 })
    expect(await reset(token)).toEqual({ ok: true })
  })

  it('TOK-08 has one winner of sixteen', async () => {
    const total = await race('userToken.usedAt', {
      prepare: async () => {
        const user = await createTestUser(test)
        return { user, token: await askForReset(user) }
      },
      attempt: async ({ token }, client) => (await reset(token, `${newPassword} ${client}`)).ok,
      invariant: async ({ user }) => {
        const events = (await readAudit(test, user.email)).map(({ action }) => action)
        expect(events.filter((action) => action === 'auth.reset_completed')).toHaveLength(1)
      },
    })
    expect(total).toBe(40)
  })

  it('SESS-10 leaves no session of the old password to a sign-in that was under way', async () => {
    for (let round = 0; round < 20; round++) {
      const user = await createTestUser(test)
      const token = await askForReset(user)
      await Promise.all([
        ...Array.from({ length: 6 }, () => canLogIn(user.email, user.password)),
        reset(token),
        ...Array.from({ length: 6 }, () => canLogIn(user.email, user.password)),
      ])
      expect(await test.rows(sql`select from user_sessions where user_id = ${user.id}`)).toEqual([])
    }
  })

  it('PWD-06 refuses a weak password and leaves the link, and everything else, as it was', async () => {
    const user = await createTestUser(test, { email: `margarethe${Date.now()}@example.com` })
    const token = await askForReset(user)
    const before = await snapshot(test)
    for (const weak of [
      'short',
      'passwordpassword',
      'my acme password',
      `${user.email.split('@')[0]}!!`,
      null,
      '\0',
    ]) {
      expect(await reset(token, weak)).toMatchObject({
        reason: 'invalid',
        errors: { password: [{ reason: expect.any(String) }] },
      })
    }
    expect(await snapshot(test)).toBe(before)
    expect(await reset(token)).toEqual({ ok: true })
  })

  it('AUD-04 writes one event for a reset, and one for a used link however often it is tried', async () => {
    const user = await createTestUser(test)
    const token = await askForReset(user)
    const caller = createTestCaller()
    await resetUserPassword(test.runtime, caller, { token, password: newPassword })
    test.advance({ minutes: 1 })
    for (let i = 0; i < 3; i++)
      await resetUserPassword(test.runtime, caller, { token, password: newPassword })
    const rows = await test.rows(sql`
      select action, outcome, actor_id, ip from audit_events where request_id = ${caller.requestId} order by occurred_at`)
    expect(rows).toEqual([
      { action: 'auth.reset_completed', outcome: 'success', actor_id: user.id, ip: '192.0.2.1' },
      { action: 'auth.reset_completed', outcome: 'failure', actor_id: null, ip: '192.0.2.1' },
    ])
  })

  it('AUD-02 resets nothing when the audit row cannot be written', async () => {
    const user = await createTestUser(test)
    const token = await askForReset(user)
    const before = await readUser(user)
    const { name } = test.runtime.tables.auditEvent
    await test.rows(
      sql`alter table ${name} add constraint broken check (action <> 'auth.reset_completed') not valid`,
    )
    try {
      await expect(reset(token)).rejects.toThrow()
    } finally {
      await test.rows(sql`alter table ${name} drop constraint broken`)
    }
    expect(await readUser(user)).toEqual(before)
    expect(await readQueue(test)).toEqual([])
    expect(await reset(token)).toEqual({ ok: true })
  })

  it('answers busy and leaves the link alone when no more passwords may wait', async () => {
    const user = await createTestUser(test)
    await deliverUserResetPasswordInstructions(test.runtime, createTestCaller(), user)
    const token = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
    const input = { token, password: newPassword }
    const hash = () => Promise.reject(new Overloaded('full', 2))
    const full = { ...test.runtime, hasher: { ...test.runtime.hasher, hash } }
    expect(await resetUserPassword(full, createTestCaller(), input)).toEqual({
      ok: false,
      reason: 'busy',
      retryAfterSeconds: 2,
    })
    expect(await resetUserPassword(test.runtime, createTestCaller(), input)).toEqual({ ok: true })
  })
})
