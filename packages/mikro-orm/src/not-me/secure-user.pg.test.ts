import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql, type Sql } from '../database/sql.ts'
import { inTransaction, newId } from '../database/transaction.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { requestMail } from '../mail/request-mail.ts'
import { getUserByResetPasswordToken } from '../reset/get-user-by-reset-password-token.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import { hashBrowserToken } from '../sessions/browser-token.ts'
import { setUserPassword } from '../settings/change-user-password.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { countBelongings } from '../testing/test-belongings.ts'
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { orOvertaken } from '../testing/test-session.ts'
import { receiveNotice } from '../testing/test-notice.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { secureUser } from './secure-user.ts'

const newPassword = 'seven herons over the weir'

describe.each(['uuid', 'bigint'] as const)('secureUser with %s keys', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  const secure = (token: unknown, browser = createTestCaller()) =>
    secureUser(test.runtime, browser, { token })
  const logIn = (browser: TestCaller, { email, password }: TestUser) =>
    logInUser(test.runtime, browser, { email, password })
  const count = async (rows: Sql) => (await test.rows(rows)).length
  const readUser = async ({ id }: TestUser) => {
    const [row] = await test.rows<Record<string, unknown>>(sql`select * from users where id = ${id}`)
    return row
  }

  it('SESS-10 ends sessions, pending ones, trusted browsers and every way in by mail, and removes the password', async () => {
    const user = await createTestUser(test)
    const browsers = [createTestCaller(), createTestCaller()]
    for (const browser of browsers) await logIn(browser, user)
    await inTransaction(test.runtime, (tx) =>
      tx.rows(sql`
        insert into user_sessions
          (id, user_id, token_hash, awaiting, amr, authenticated_at, last_seen_at, expires_at)
        values (${newId(tx, tx.tables.userSession)}, ${user.id}, sha256(${user.email}::bytea), 'second-factor',
          '{pwd}', ${tx.now}, ${tx.now}, ${tx.now} + interval '5 minutes')`),
    )
    for (const kind of ['resetPassword', 'magicLink', 'sudoCode'] as const) {
      await requestMail(test.runtime, createTestCaller(), kind, user.email)
    }
    const links = await deliverMail(test)
    const token = await receiveNotice(test, user)
    expect(await secure(token)).toEqual({ ok: true })

    expect((await countBelongings(test, user)).sessions).toBe(0)
    expect((await countBelongings(test, user)).browsers).toBe(1) // the one it was asked in
    // “This wasn’t me” outlives it: it lets nobody in (docs/decisions/040).
    const live = sql`user_id = ${user.id} and used_at is null and superseded_at is null and purpose <> 'not-me'`
    expect(await count(sql`select from users_tokens where ${live}`)).toBe(0)
    const reset = tokenOf(findMail(links, 'resetPassword').props.resetUrl)
    expect(await getUserByResetPasswordToken(test.runtime, createTestCaller(), reset)).toBeNull()
    for (const browser of browsers) expect((await nextRequest(test.runtime, browser)).session).toBeNull()
    expect(await logIn(createTestCaller(), user)).toMatchObject({ ok: false, reason: 'invalid-credentials' })
    expect(await readUser(user)).toMatchObject({ hashed_password: null, must_change_password: false })
  })

  it('never asks whoever knows the password to change it instead, also where that was asked before', async () => {
    const user = await createTestUser(test)
    const token = await receiveNotice(test, user)
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    await secure(token)
    expect(await readUser(user)).toMatchObject({ hashed_password: null, must_change_password: false })
  })

  it('mails what was done, and a link by which the owner comes back in', async () => {
    const user = await createTestUser(test)
    const token = await receiveNotice(test, user)
    const browser = createTestCaller({ clientAddress: '198.51.100.7' })
    await secure(token, browser)
    const mailbox = await deliverMail(test)
    expect(mailbox.dropped).toEqual([])
    expect(mailbox.sent.map(({ kind, to }) => [kind, to])).toEqual([
      ['notMeDone', user.email],
      ['resetPassword', user.email],
    ])
    expect(findMail(mailbox, 'notMeDone').props).toMatchObject({
      address: '198.51.100.7',
      removed: ['password'],
    })
    const reset = tokenOf(findMail(mailbox, 'resetPassword').props.resetUrl)
    expect(await resetUserPassword(test.runtime, browser, { token: reset, password: newPassword })).toEqual({
      ok: true,
    })
    expect(await logIn(browser, { ...user, password: newPassword })).toMatchObject({ ok: true })
  })

  it('AUD-04 writes one event, about the one it disputes', async () => {
    const user = await createTestUser(test)
    await logIn(createTestCaller(), user)
    const token = await receiveNotice(test, user)
    await secure(token)
    const rows = await test.rows(sql`
      select e.outcome, e.actor_id = e.subject_id as own, d.action as about, e.metadata
      from audit_events e join audit_events d on d.id::text = e.target_id
      where e.action = 'auth.not_me' and e.subject_id = ${user.id}`)
    expect(rows).toEqual([
      {
        outcome: 'success',
        own: true,
        about: 'auth.password_changed',
        metadata: { method: 'link', sessions: 1, removed: 'password' },
      },
    ])
  })

  it('ends the session of this browser too when it is the account’s own, and leaves another account’s alone', async () => {
    const user = await createTestUser(test)
    const other = await createTestUser(test)
    for (const [owner, cleared] of [
      [user, 1],
      [other, 0],
    ] as const) {
      const browser = createTestCaller()
      await logIn(browser, owner)
      await nextRequest(test.runtime, browser)
      await secure(await receiveNotice(test, user), browser)
      expect(browser.cleared).toBe(cleared)
      expect((await nextRequest(test.runtime, browser)).session === null).toBe(cleared === 1)
    }
  })

  it('PRE-04 drops what was asked for before, also where its mail is still to be sent', async () => {
    const user = await createTestUser(test)
    const token = await receiveNotice(test, user)
    for (const kind of ['resetPassword', 'magicLink', 'sudoCode'] as const) {
      await requestMail(test.runtime, createTestCaller(), kind, user.email)
    }
    await secure(token)
    const { sent, dropped } = await deliverMail(test)
    expect(dropped).toEqual(Array.from({ length: 3 }, () => 'account changed since'))
    expect(sent.map(({ kind }) => kind)).toEqual(['notMeDone', 'resetPassword'])
  })

  it('SESS-10 leaves no session to a sign-in that was under way', async () => {
    for (let round = 0; round < 20; round++) {
      const user = await createTestUser(test)
      const token = await receiveNotice(test, user)
      const signIns = () => Array.from({ length: 6 }, () => logIn(createTestCaller(), user))
      await Promise.all([...signIns(), secure(token), ...signIns()])
      expect((await countBelongings(test, user)).sessions).toBe(0)
    }
  })

  it('SESS-10 leaves no password to a thief who keeps choosing one', async () => {
    for (let round = 0; round < 10; round++) {
      const user = await createTestUser(test)
      const token = await receiveNotice(test, user)
      const thief = createTestCaller()
      await logIn(thief, user)
      await nextRequest(test.runtime, thief)
      const over = new AbortController()
      const choose = async () => {
        while (!over.signal.aborted)
          await orOvertaken(setUserPassword(test.runtime, { ...thief }, { password: newPassword }))
      }
      const choosing = Array.from({ length: 4 }, choose)
      await secure(token)
      over.abort()
      await Promise.all(choosing)
      expect(await readUser(user)).toMatchObject({ hashed_password: null })
      expect((await deliverMail(test)).sent.map(({ kind }) => kind)).toContain('resetPassword')
    }
  })

  it('makes a stranger’s browser unknown again', async () => {
    const user = await createTestUser(test)
    const stranger = createTestCaller()
    await logIn(stranger, user)
    const hash = hashBrowserToken(stranger.browserToken)
    const known = sql`select from user_known_browsers where user_id = ${user.id} and browser_hash = ${hash}`
    expect(await count(known)).toBe(1)
    await secure(await receiveNotice(test, user))
    expect(await count(known)).toBe(0)
  })

  it('AUD-02 changes nothing when the audit row cannot be written', async () => {
    const user = await createTestUser(test)
    const token = await receiveNotice(test, user)
    const { name } = test.runtime.tables.auditEvent
    await test.rows(sql`alter table ${name} add constraint broken check (action <> 'auth.not_me') not valid`)
    try {
      await expect(secure(token)).rejects.toThrow()
    } finally {
      await test.rows(sql`alter table ${name} drop constraint broken`)
    }
    expect(await readQueue(test)).toEqual([])
    expect(await readUser(user)).toMatchObject({ hashed_password: expect.any(String) })
    expect(await secure(token)).toEqual({ ok: true })
  })
})

it('RL-01 brings the owner back in while a stranger has their mailbox flooded', async () => {
  const recipient = { anyBrowser: { capacity: 1, perSeconds: 3600 } }
  const test = await createTestRuntime({
    policy: { ...generousLimits, ...cheapHashing, limits: { ...generousLimits.limits, recipient } },
  })
  const user = await createTestUser(test)
  const token = await receiveNotice(test, user)
  const flood = async () => {
    await requestMail(test.runtime, createTestCaller(), 'resetPassword', user.email)
    return deliverMail(test)
  }
  await flood() // what the mailbox may receive
  await flood() // the trickle that no flood stops
  expect((await flood()).dropped).toEqual(['too many mails'])

  const browser = createTestCaller()
  expect(await secureUser(test.runtime, browser, { token })).toEqual({ ok: true })
  expect(findMail(await deliverMail(test), 'resetPassword').to).toBe(user.email)
  test.advance({ milliseconds: 1 })
  await requestMail(test.runtime, browser, 'resetPassword', user.email)
  expect(findMail(await deliverMail(test), 'resetPassword').to).toBe(user.email)
  await test.close()
})
