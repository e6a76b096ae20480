import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql, type Sql } from '../database/sql.ts'
import { inTransaction, newId } from '../database/transaction.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { requestMail } from '../mail/request-mail.ts'
import { logInUserByPasskey } from '../passkeys/log-in-user-by-passkey.ts'
import { getUserByResetPasswordToken } from '../reset/get-user-by-reset-password-token.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import { hashBrowserToken } from '../sessions/browser-token.ts'
import {
  createTestContext,
  createTestRuntime,
  createTestUser,
  nextRequest,
  race,
  type TestContext,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { receiveNotice } from '../testing/test-notice.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { answerLogIn, createPasskeyUser } from '../testing/test-passkey.ts'
import { createTotpUser } from '../testing/test-second-factor.ts'
import { readAudit, snapshot } from '../testing/test-snapshot.ts'
import { getUserByNotMeToken } from './get-user-by-not-me-token.ts'
import { secureUser } from './secure-user.ts'

const invalid = { ok: false, reason: 'invalid-token' }
const newPassword = 'seven herons over the weir'
const totpActivated = { action: 'mfa.activated', metadata: { method: 'totp' } } as const

describe.each(['uuid', 'bigint'] as const)('secureUser with %s keys', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  const secure = (token: unknown, browser = createTestContext()) =>
    secureUser(test.runtime, browser, { token })
  const look = (token: unknown) => getUserByNotMeToken(test.runtime, createTestContext(), token)
  const logIn = (browser: TestContext, { email, password }: TestUser) =>
    logInUser(test.runtime, browser, { email, password })
  const count = async (rows: Sql) => (await test.rows(rows)).length
  const countOf = (user: TestUser) => ({
    sessions: () => count(sql`select from user_sessions where user_id = ${user.id}`),
    browsers: () => count(sql`select from user_known_browsers where user_id = ${user.id}`),
    passkeys: () => count(sql`select from user_passkeys where user_id = ${user.id}`),
    totp: () => count(sql`select from user_totp where user_id = ${user.id}`),
    codes: () => count(sql`select from user_backup_codes where user_id = ${user.id}`),
  })
  const insert = (make: (id: Sql, now: Sql) => Sql, table: 'userPasskey' | 'other' = 'other') =>
    inTransaction(test.runtime, async (tx) => {
      const { passkeys, userTotp } = tx.tables
      const of = table === 'userPasskey' && passkeys ? passkeys.userPasskey : userTotp
      const [row] = await tx.rows<{ id: string }>(make(newId(tx, of), tx.now))
      if (!row) throw new Error('not inserted')
      return row.id
    })

  const addPasskey = (user: TestUser) =>
    insert(
      (id, now) => sql`
        insert into user_passkeys (id, user_id, credential_id, public_key, aaguid, transports, backup_eligible,
          backed_up, nickname, created_at)
        values (${id}, ${user.id}, ${Buffer.from(crypto.randomUUID())}, 'key'::bytea, gen_random_uuid(), '{}', false, false,
          'Blue phone', ${now})
        returning id::text as id`,
      'userPasskey',
    )
  const addTotp = async (user: TestUser) => {
    await insert(
      (id, now) => sql`
        insert into user_totp (id, user_id, sealed_secret, activated_at, created_at)
        values (${id}, ${user.id}, 'sealed', ${now}, ${now}) returning id::text as id`,
    )
    await inTransaction(test.runtime, (tx) =>
      tx.rows(sql`
        insert into user_backup_codes (id, user_id, lookup_prefix, code_hash, created_at)
        values (${newId(tx, tx.tables.userBackupCode)}, ${user.id}, 'abcd', 'hash', ${tx.now})`),
    )
  }
  const readUser = async ({ id }: TestUser) => {
    const [row] = await test.rows<Record<string, unknown>>(sql`select * from users where id = ${id}`)
    return row
  }

  it('says whom and what it is about, and what will be taken away, and changes nothing', async () => {
    const user = await createTestUser(test)
    const token = await receiveNotice(test, user)
    const before = await snapshot(test)
    expect(await look(token)).toEqual({
      maskedEmail: `${user.email[0]}•••@example.com`,
      action: 'auth.password_changed',
      occurredAt: expect.any(Date),
      removes: ['password'],
    })
    expect(await snapshot(test)).toBe(before)
  })

  it('SESS-10 ends sessions, pending ones, trusted browsers and every way in by mail, and removes the password', async () => {
    const user = await createTestUser(test)
    const browsers = [createTestContext(), createTestContext()]
    for (const browser of browsers) await logIn(browser, user)
    await inTransaction(test.runtime, (tx) =>
      tx.rows(sql`
        insert into user_sessions
          (id, user_id, token_hash, awaiting, amr, authenticated_at, last_seen_at, expires_at)
        values (${newId(tx, tx.tables.userSession)}, ${user.id}, sha256(${user.email}::bytea), 'second-factor',
          '{pwd}', ${tx.now}, ${tx.now}, ${tx.now} + interval '5 minutes')`),
    )
    for (const kind of ['resetPassword', 'magicLink', 'sudoCode'] as const) {
      await requestMail(test.runtime, createTestContext(), kind, user.email)
    }
    const links = await deliverMail(test)
    const token = await receiveNotice(test, user)
    expect(await secure(token)).toEqual({ ok: true })

    expect(await countOf(user).sessions()).toBe(0)
    expect(await countOf(user).browsers()).toBe(0)
    // “This wasn’t me” outlives it: it lets nobody in (docs/decisions/040).
    const live = sql`user_id = ${user.id} and used_at is null and superseded_at is null and context <> 'not-me'`
    expect(await count(sql`select from users_tokens where ${live}`)).toBe(0)
    const reset = tokenOf(findMail(links, 'resetPassword').props.resetUrl)
    expect(await getUserByResetPasswordToken(test.runtime, createTestContext(), reset)).toBeNull()
    for (const browser of browsers) expect((await nextRequest(test.runtime, browser)).session).toBeNull()
    expect(await logIn(createTestContext(), user)).toMatchObject({ ok: false, reason: 'invalid-credentials' })
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
    const browser = createTestContext({ clientAddress: '198.51.100.7' })
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
    await logIn(createTestContext(), user)
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
      const browser = createTestContext()
      await logIn(browser, owner)
      await nextRequest(test.runtime, browser)
      await secure(await receiveNotice(test, user), browser)
      expect(browser.cleared).toBe(cleared)
      expect((await nextRequest(test.runtime, browser)).session === null).toBe(cleared === 1)
    }
  })

  it('PRE-03 removes the passkey the notice is about, and no other', async () => {
    const user = await createTestUser(test)
    const stranger = await createTestUser(test)
    const [own, added, foreign] = [await addPasskey(user), await addPasskey(user), await addPasskey(stranger)]
    const token = await receiveNotice(test, user, 'passkeyAdded', {
      action: 'passkey.added',
      targetId: added,
    })
    expect(await look(token)).toMatchObject({ action: 'passkey.added', removes: ['password', 'passkey'] })
    expect(await secure(token)).toEqual({ ok: true })
    expect(await test.rows(sql`select id::text as id from user_passkeys where user_id = ${user.id}`)).toEqual(
      [{ id: own }],
    )
    expect(findMail(await deliverMail(test), 'notMeDone').props.removed).toEqual(['password', 'passkey'])

    // An event that names somebody else's passkey takes nothing from them.
    const wrong = await receiveNotice(test, user, 'passkeyAdded', {
      action: 'passkey.added',
      targetId: foreign,
    })
    expect(await look(wrong)).toMatchObject({ removes: [] })
    await secure(wrong)
    expect(await countOf(stranger).passkeys()).toBe(1)
    // One that was copied goes, too: two people hold it.
    const copied = await receiveNotice(test, stranger, 'passkeyCopied', {
      action: 'passkey.counter_regressed',
      targetId: foreign,
    })
    await secure(copied)
    expect(await countOf(stranger).passkeys()).toBe(0)
    const removal = await receiveNotice(test, user, 'passkeyRemoved', {
      action: 'passkey.removed',
      targetId: own,
    })
    await secure(removal)
    expect(await countOf(user).passkeys()).toBe(1)
  })

  it('PRE-03 shuts out an intruder’s passkey, by the mail its adding sent', async () => {
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    const { passkey, user } = await createPasskeyUser(test)
    const { props } = findMail(await deliverMail(test), 'passkeyAdded')
    const signIn = async (browser = createTestContext()) => {
      const response = await answerLogIn(test, browser, passkey)
      return logInUserByPasskey(test.runtime, browser, { response })
    }
    expect(await signIn()).toMatchObject({ ok: true })
    expect(await secure(tokenOf(props.notMeUrl))).toEqual({ ok: true })
    expect(await signIn()).toMatchObject({ ok: false })
    expect(await countOf(user).sessions()).toBe(0)
  })

  it('removes an authenticator app, with its backup codes, by the notice of its activation only', async () => {
    const user = await createTestUser(test)
    await addTotp(user)
    const token = await receiveNotice(test, user, 'secondFactorAdded', totpActivated)
    const signIn = await receiveNotice(test, user, 'newSignIn', { action: 'security.new_browser' })
    const wish = await receiveNotice(test, user, 'secondFactorAdded', {
      action: 'mfa.activated',
      metadata: { method: 'second-step' },
    })
    for (const other of [signIn, wish]) {
      await secure(other)
      expect(await countOf(user).totp()).toBe(1)
      expect(await countOf(user).codes()).toBe(1)
    }
    expect(await look(token)).toMatchObject({ removes: ['second-factor'] })
    expect(await secure(token)).toEqual({ ok: true })
    expect(await countOf(user).totp()).toBe(0)
    expect(await countOf(user).codes()).toBe(0)
    expect(findMail(await deliverMail(test), 'notMeDone').props.removed).toEqual(['second-factor'])
  })

  it('removes an app that was just activated, by the mail its activation sent', async () => {
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    const { user } = await createTotpUser(test)
    const { props } = findMail(await deliverMail(test), 'secondFactorAdded')
    expect(await secure(tokenOf(props.notMeUrl))).toEqual({ ok: true })
    expect([await countOf(user).totp(), await countOf(user).codes()]).toEqual([0, 0])
    test.advance({ milliseconds: -test.runtime.clockOffset() })
  })

  it('leaves an authenticator app that is older than 72 hours, or that was activated after the notice', async () => {
    const [early, late, anew] = [
      await createTestUser(test),
      await createTestUser(test),
      await createTestUser(test),
    ]
    const tokens = []
    for (const user of [early, late, anew]) {
      await addTotp(user)
      tokens.push(await receiveNotice(test, user, 'secondFactorAdded', totpActivated))
    }
    await test.rows(sql`
      update user_totp set activated_at = clock_timestamp() + interval '1 minute' where user_id = ${anew.id}`)
    test.advance({ hours: 71, minutes: 59 })
    await secure(tokens[0])
    expect(await countOf(early).totp()).toBe(0)
    test.advance({ minutes: 2 })
    expect(await look(tokens[1])).toMatchObject({ removes: ['password'] })
    expect(await secure(tokens[1])).toEqual({ ok: true })
    expect(await countOf(late).totp()).toBe(1)
    expect(await countOf(late).codes()).toBe(1)
    test.advance({ hours: -72, minutes: -1 })
    await secure(tokens[2])
    expect(await countOf(anew).totp()).toBe(1)
  })

  it('forgets the wish for a second step, and its codes, where nothing is left to be asked for', async () => {
    const user = await createTestUser(test)
    await addTotp(user)
    await test.rows(sql`delete from user_totp where user_id = ${user.id}`)
    const added = await addPasskey(user)
    await test.rows(sql`update users set require_second_step = true where id = ${user.id}`)
    const token = await receiveNotice(test, user, 'passkeyAdded', {
      action: 'passkey.added',
      targetId: added,
    })
    await secure(await receiveNotice(test, user))
    expect(await countOf(user).codes()).toBe(1)
    await secure(token)
    expect(await countOf(user).codes()).toBe(0)
    expect(await readUser(user)).toMatchObject({ require_second_step: false })
  })

  it('works in an app without passkeys', async () => {
    const user = await createTestUser(test)
    const runtime = { ...test.runtime, tables: { ...test.runtime.tables, passkeys: null } }
    const kept = await addPasskey(user)
    const token = await receiveNotice(test, user, 'passkeyAdded', { action: 'passkey.added', targetId: kept })
    expect(await getUserByNotMeToken(runtime, createTestContext(), token)).toMatchObject({
      removes: ['password'],
    })
    expect(await secureUser(runtime, createTestContext(), { token })).toEqual({ ok: true })
    expect(await countOf(user).passkeys()).toBe(1)
  })

  it('PRE-04 drops what was asked for before, also where its mail is still to be sent', async () => {
    const user = await createTestUser(test)
    const token = await receiveNotice(test, user)
    for (const kind of ['resetPassword', 'magicLink', 'sudoCode'] as const) {
      await requestMail(test.runtime, createTestContext(), kind, user.email)
    }
    await secure(token)
    const { sent, dropped } = await deliverMail(test)
    expect(dropped).toEqual(Array.from({ length: 3 }, () => 'account changed since'))
    expect(sent.map(({ kind }) => kind)).toEqual(['notMeDone', 'resetPassword'])
  })

  it('PRE-03 outlives every later change: the notice of one deed is not silenced by the next', async () => {
    const user = await createTestUser(test)
    const added = await addPasskey(user)
    const token = await receiveNotice(test, user, 'passkeyAdded', {
      action: 'passkey.added',
      targetId: added,
    })
    const other = await receiveNotice(test, user)
    await requestMail(test.runtime, createTestContext(), 'resetPassword', user.email)
    const reset = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
    await resetUserPassword(test.runtime, createTestContext(), { token: reset, password: newPassword })
    expect(await secure(other)).toEqual({ ok: true })
    expect(await secure(token)).toEqual({ ok: true })
    expect(await countOf(user).passkeys()).toBe(0)
  })

  it('TOK-01 works once', async () => {
    const user = await createTestUser(test)
    const token = await receiveNotice(test, user)
    expect(await secure(token)).toEqual({ ok: true })
    expect(await secure(token)).toEqual(invalid)
    expect(await look(token)).toBeNull()
    expect((await readAudit(test, user.email)).filter(({ action }) => action === 'auth.not_me')).toHaveLength(
      1,
    )
  })

  it('TOK-02 lives for seven days from the event, to the millisecond', async () => {
    const user = await createTestUser(test)
    const token = await receiveNotice(test, user)
    await test.rows(sql`
      update users_tokens set expires_at = clock_timestamp() + interval '5 seconds' where user_id = ${user.id}`)
    test.advance({ milliseconds: 5001 })
    expect(await look(token)).toBeNull()
    expect(await secure(token)).toEqual(invalid)
    test.advance({ milliseconds: -5001 })
    expect(await secure(token)).toEqual({ ok: true })
  })

  it('TOK-04 is nothing once the address is another’s', async () => {
    const user = await createTestUser(test)
    const token = await receiveNotice(test, user)
    await test.rows(sql`update users set email_canonical = 'x' || email_canonical where id = ${user.id}`)
    expect(await look(token)).toBeNull()
    expect(await secure(token)).toEqual(invalid)
  })

  it('TOK-08 has one winner of sixteen', { timeout: 120_000 }, async () => {
    const total = await race('userToken.usedAt', {
      rounds: 10,
      prepare: async () => {
        const user = await createTestUser(test)
        return { user, token: await receiveNotice(test, user) }
      },
      attempt: async ({ token }) => (await secure(token)).ok,
      invariant: async ({ user }) => {
        const events = (await readAudit(test, user.email)).filter(({ action }) => action === 'auth.not_me')
        expect(events.filter(({ outcome }) => outcome === 'success')).toHaveLength(1)
        expect((await readQueue(test)).map(({ kind }) => kind)).toEqual(['notMeDone', 'resetPassword'])
      },
    })
    expect(total).toBe(10)
  })

  it('SESS-10 leaves no session to a sign-in that was under way', { timeout: 120_000 }, async () => {
    for (let round = 0; round < 20; round++) {
      const user = await createTestUser(test)
      const token = await receiveNotice(test, user)
      const signIns = () => Array.from({ length: 6 }, () => logIn(createTestContext(), user))
      await Promise.all([...signIns(), secure(token), ...signIns()])
      expect(await countOf(user).sessions()).toBe(0)
    }
  })

  it('makes a stranger’s browser unknown again', async () => {
    const user = await createTestUser(test)
    const stranger = createTestContext()
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
