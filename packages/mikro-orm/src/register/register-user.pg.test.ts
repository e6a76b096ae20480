import { ConfigInvalid } from '@sigra/core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { confirmUser } from '../confirm/confirm-user.ts'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  race,
  type TestRuntime,
} from '../testing/index.ts'
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail, testPassword as password } from '../testing/test-registration.ts'
import { readAudit, snapshot } from '../testing/test-snapshot.ts'
import { registerUser } from './register-user.ts'

describe.each(['uuid', 'bigint'] as const)('registerUser with %s keys', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType })
  })
  afterAll(() => test.close())

  it('leads from a form to a signed-in person, by way of the mail', async () => {
    const browser = createTestCaller()
    const email = 'Jane.Doe@Example.com'
    expect(await registerUser(test.runtime, browser, { email, password })).toEqual({ ok: true })
    expect(await logInUser(test.runtime, browser, { email, password })).toMatchObject({ ok: false })

    const mail = findMail(await deliverMail(test), 'confirmAddress')
    expect(mail).toMatchObject({ to: email, props: { appName: 'Acme', linkHours: 24, codeMinutes: 30 } })
    const token = tokenOf(mail.props.confirmUrl)
    expect(await confirmUser(test.runtime, browser, { token })).toMatchObject({ ok: true })
    expect(await logInUser(test.runtime, browser, { email, password })).toMatchObject({
      outcome: 'signed-in',
    })
    expect((await readAudit(test, email)).map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'auth.register success',
      'auth.log_in_failed denied',
      'auth.confirm success',
      'auth.log_in success',
      'auth.log_in success',
    ])
  })
})

describe('registerUser', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  const countUsers = (email: string) =>
    test.rows(sql`select from users where email_canonical = ${email.toLowerCase()}`)

  describe('for a free and a taken address', () => {
    it('ENUM-05 answers alike, with one hash and one job, whoever has the address', async () => {
      const confirmed = await createTestUser(test)
      const unconfirmed = await createTestUser(test, { confirmed: false })
      for (const email of [createTestEmail(), confirmed.email, unconfirmed.email]) {
        const { calls } = test.runtime.hasher
        const before = (await readQueue(test)).length
        expect(await registerUser(test.runtime, createTestCaller(), { email, password })).toEqual({
          ok: true,
        })
        expect(test.runtime.hasher.calls - calls).toBe(1)
        expect(await readQueue(test)).toHaveLength(before + 1)
      }
    })

    it('ENUM-05 tells the owner, and nobody else, that there is an account', async () => {
      const owner = await createTestUser(test)
      await registerUser(test.runtime, createTestCaller(), { email: owner.email.toUpperCase(), password })
      const { sent } = await deliverMail(test)
      expect(sent).toMatchObject([
        {
          kind: 'alreadyRegistered',
          to: owner.email,
          props: {
            logInUrl: 'https://app.test/users/log-in',
            resetUrl: 'https://app.test/users/reset-password',
          },
        },
      ])
    })

    it('sends a reset link, which confirms, where the address was never confirmed', async () => {
      const owner = await createTestUser(test, { confirmed: false })
      await registerUser(test.runtime, createTestCaller(), { email: owner.email, password })
      const { sent } = await deliverMail(test)
      expect(sent).toMatchObject([{ kind: 'resetPassword', to: owner.email }])
    })

    it('leaves the account that is there as it was', async () => {
      const owner = await createTestUser(test)
      const read = () => test.rows(sql`select to_jsonb(u) from users u where id = ${owner.id}`)
      const before = await read()
      await registerUser(test.runtime, createTestCaller(), { email: owner.email, password })
      expect(await read()).toEqual(before)
      expect(await readAudit(test, owner.email)).toEqual([
        { action: 'auth.register', outcome: 'denied', metadata: { reason: 'already-registered' } },
      ])
    })

    it('EML-08 keeps plus and dot aliases apart as accounts', async () => {
      for (const email of ['jo.e@example.com', 'joe@example.com', 'joe+shop@example.com']) {
        await registerUser(test.runtime, createTestCaller(), { email, password })
        expect(await countUsers(email)).toHaveLength(1)
      }
    })

    it('PRE-08 lets one of two spellings in, however many are sent at once', async () => {
      const total = await race('user.emailCanonical', {
        maxWinners: 16, // every visitor gets the same answer
        prepare: async () => createTestEmail(),
        attempt: async (email, client) => {
          const spelling = client % 2 === 0 ? email : email.replace('example', 'EXAMPLE').toUpperCase()
          return (await registerUser(test.runtime, createTestCaller(), { email: spelling, password })).ok
        },
        invariant: async (email) => {
          expect(await countUsers(email)).toHaveLength(1)
          const registered = (await readQueue(test)).filter((mail) => mail.address === email)
          expect(registered).toHaveLength(16)
          expect(registered.filter((mail) => mail.kind === 'confirmAddress')).toHaveLength(1)
        },
      })
      expect(total).toBe(40 * 16)
    })
  })

  describe('for input nobody could register with', () => {
    it('names the field and writes nothing', async () => {
      const before = await snapshot(test)
      const bad = { email: 'jane@', password: 'short' }
      expect(await registerUser(test.runtime, createTestCaller(), bad)).toEqual({
        ok: false,
        reason: 'invalid',
        errors: {
          email: [{ reason: 'not-an-email-address' }],
          password: [{ reason: 'too-short', minLength: 12 }],
        },
      })
      expect(await snapshot(test)).toBe(before)
    })

    it('PWD-06 refuses common passwords, words of the address and of the app', async () => {
      for (const weak of ['passwordpassword', 'margarethe-2024', 'my acme password']) {
        const result = await registerUser(test.runtime, createTestCaller(), {
          email: 'margarethe@example.com',
          password: weak,
        })
        expect(result).toMatchObject({
          reason: 'invalid',
          errors: { password: [{ reason: expect.any(String) }] },
        })
      }
      expect(await countUsers('margarethe@example.com')).toHaveLength(0)
    })

    it('PWD-03 refuses what is no text without failing', async () => {
      const values = [
        undefined,
        null,
        7,
        [],
        {},
        '',
        '\0'.repeat(20),
        '\ud800'.repeat(20),
        'x'.repeat(1_000_000),
      ]
      for (const value of values) {
        const caller = createTestCaller()
        for (const input of [
          { email: value, password },
          { email: createTestEmail(), password: value },
        ]) {
          expect(await registerUser(test.runtime, caller, input)).toMatchObject({ reason: 'invalid' })
        }
      }
    })

    it('INJ-07 takes nothing from the form but what it asks for', async () => {
      const email = createTestEmail()
      const form = { email, password, confirmedAt: new Date(), role: 'admin', displayName: 'Mallory' }
      await registerUser(test.runtime, createTestCaller(), form)
      const rows = await test.rows(sql`select confirmed_at, display_name from users where email = ${email}`)
      expect(rows).toEqual([{ confirmed_at: null, display_name: null }])
    })
  })

  describe('with the breach query', () => {
    let strict: TestRuntime
    beforeAll(async () => {
      strict = await createTestRuntime({
        policy: { ...generousLimits, ...cheapHashing, password: { breachCheck: 'always' } },
      })
    })
    afterEach(() => vi.unstubAllGlobals())
    afterAll(() => strict.close())

    it('PWD-06 refuses a password that was in a breach', async () => {
      vi.stubGlobal('fetch', async (url: string) => {
        // SHA-1 of the password, without its first five digits.
        const { createHash } = await import('node:crypto')
        const digest = createHash('sha1').update(password).digest('hex').toUpperCase()
        expect(url.endsWith(digest.slice(0, 5))).toBe(true)
        return new Response(`${digest.slice(5)}:12`)
      })
      const result = await registerUser(strict.runtime, createTestCaller(), {
        email: createTestEmail(),
        password,
      })
      expect(result).toMatchObject({
        reason: 'invalid',
        errors: { password: [{ reason: 'breached' }] },
      })
      expect(await readQueue(strict)).toEqual([])
    })

    it('PWD-07 goes on by the offline list when the query is away, and says so in the audit log', async () => {
      vi.stubGlobal('fetch', () => Promise.reject(new Error('away')))
      const email = createTestEmail()
      expect(await registerUser(strict.runtime, createTestCaller(), { email, password })).toEqual({
        ok: true,
      })
      const actions = (await readAudit(strict, email)).map(({ action }) => action)
      expect(actions.toSorted()).toEqual(['auth.register', 'security.breach_check_unavailable'])
    })
  })

  describe('with a policy of the host', () => {
    it('runs it before anything is read, for free and taken addresses alike', async () => {
      const owner = await createTestUser(test)
      const before = await snapshot(test)
      for (const email of [owner.email, createTestEmail()]) {
        const result = await registerUser(
          test.runtime,
          createTestCaller(),
          { email, password, invitation: 'old' },
          { check: (input) => (input.invitation === 'new' ? null : { invitation: ['Not invited.'] }) },
        )
        expect(result).toEqual({ ok: false, reason: 'invalid', errors: { invitation: ['Not invited.'] } })
      }
      expect(await snapshot(test)).toBe(before)
    })

    it('stores the fields of the host, and its further rows, in the same transaction', async () => {
      await test.rows(sql`create table profiles (user_id uuid, email text)`)
      const email = createTestEmail()
      await registerUser(
        test.runtime,
        createTestCaller(),
        { email, password },
        {
          fields: { displayName: 'Jane' },
          inTransaction: async (em, user) => {
            await em.execute('insert into profiles values (?, ?)', [user.id, user.email])
          },
        },
      )
      const rows = await test.rows(sql`
        select u.display_name, p.email from users u join profiles p on p.user_id = u.id where u.email = ${email}`)
      expect(rows).toEqual([{ display_name: 'Jane', email }])
    })

    it('INJ-07 refuses the library’s own columns in fields, and unknown ones', async () => {
      for (const fields of [
        { confirmedAt: new Date() },
        { id: 'x' },
        { emailCanonical: 'x' },
        { nickname: 'x' },
      ]) {
        const call = registerUser(
          test.runtime,
          createTestCaller(),
          { email: createTestEmail(), password },
          { fields },
        )
        await expect(call).rejects.toThrow(ConfigInvalid)
      }
    })

    it('MAIL-03 undoes everything when inTransaction throws, and tells only the log', async () => {
      const email = createTestEmail()
      const caller = createTestCaller()
      const result = await registerUser(
        test.runtime,
        caller,
        { email, password },
        {
          inTransaction: () => {
            throw new Error('no seat left')
          },
        },
      )
      expect(result).toEqual({ ok: true })
      expect(await countUsers(email)).toHaveLength(0)
      expect(await readQueue(test)).toEqual([])
      expect(test.logged.at(-1)).toMatchObject({
        event: 'auth.register.undone',
        fields: { requestId: caller.requestId, message: 'no seat left' },
      })
      expect(
        await test.rows(
          sql`select outcome, metadata from audit_events where request_id = ${caller.requestId}`,
        ),
      ).toEqual([{ outcome: 'failure', metadata: { reason: 'undone' } }])
    })

    it('gives the same answer when a column of the host refuses its value', async () => {
      const email = createTestEmail()
      const fields = { displayName: 'x'.repeat(101) }
      expect(await registerUser(test.runtime, createTestCaller(), { email, password }, { fields })).toEqual({
        ok: true,
      })
      expect(await countUsers(email)).toHaveLength(0)
    })
  })

  it('AUD-02 keeps no user, token or mail when the audit row cannot be written', async () => {
    const email = createTestEmail()
    const { name } = test.runtime.tables.auditEvent
    await test.rows(
      sql`alter table ${name} add constraint broken check (action <> 'auth.register') not valid`,
    )
    try {
      await registerUser(test.runtime, createTestCaller(), { email, password }).catch(() => null)
    } finally {
      await test.rows(sql`alter table ${name} drop constraint broken`)
    }
    expect(await countUsers(email)).toHaveLength(0)
    expect(await readQueue(test)).toEqual([])
  })

  it('answers busy, and writes nothing, when no more passwords may wait to be hashed', async () => {
    const full = await createTestRuntime({
      policy: { ...generousLimits, passwordHash: { concurrency: 1, queueLimit: 1 } },
    })
    const results = await Promise.all(
      Array.from({ length: 8 }, () =>
        registerUser(full.runtime, createTestCaller(), { email: createTestEmail(), password }),
      ),
    )
    const busy = results.filter((result) => !result.ok)
    expect(busy.length).toBeGreaterThan(0)
    expect(busy[0]).toEqual({ ok: false, reason: 'busy', retryAfterSeconds: expect.any(Number) })
    expect(await full.rows(sql`select from users`)).toHaveLength(results.length - busy.length)
    await full.close()
  })
})

describe('registerUser under its limits', () => {
  it('EML-10 counts per network, and per mailbox without telling', async () => {
    const test = await createTestRuntime({ policy: cheapHashing })
    const register = (email: string, clientAddress = '192.0.2.1') =>
      registerUser(test.runtime, createTestCaller({ clientAddress }), { email, password })

    // Three a minute per mailbox and network, aliases included; the fourth is silent.
    for (const email of ['a@example.com', 'a+1@example.com', 'a+2@example.com', 'a+3@example.com']) {
      expect(await register(email)).toEqual({ ok: true })
    }
    expect(await readQueue(test)).toHaveLength(3)
    expect(await register('a+3@example.com', '198.51.100.7')).toEqual({ ok: true })
    expect(await readQueue(test)).toHaveLength(4)

    // Ten mails a minute per network, whoever gets them; said aloud.
    for (let i = 0; i < 6; i++) await register(`b${i}@example.com`)
    expect(await register('c@example.com')).toEqual({
      ok: false,
      reason: 'limited',
      retryAfterSeconds: expect.any(Number),
    })
    await test.close()
  })
})
