import { parseEmail } from '@sigra/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { holdAddress } from '../addresses/hold-address.ts'
import { createPolicy } from '../create-policy.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { hasWayInWithout } from '../door/sign-in-ways.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import type { PolicyOverrides } from '../policy.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  recordQueries,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import { testOauth } from '../testing/oauth/test-oauth.ts'
import {
  comeBack,
  createProviderPerson,
  logInByProvider,
  startTestProvider,
  type TestProvider,
} from '../testing/oauth/test-provider.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { canLogIn, createTestEmail, registerInBrowser, testPassword } from '../testing/test-registration.ts'
import { createTotpUser } from '../testing/test-second-factor.ts'
import { readAudit, snapshot, snapshotOfAreas } from '../testing/test-snapshot.ts'
import { completeProviderLogIn } from './complete-provider-log-in.ts'
import { requireOauth } from './require-oauth.ts'

describe.each(['uuid', 'bigint'] as const)('logging in by a provider, with ids of %s', (idType) => {
  let test: TestRuntime
  let acme: TestProvider
  let globex: TestProvider
  beforeAll(async () => {
    acme = await startTestProvider('acme', { authoritativeFor: ['example.com'] })
    globex = await startTestProvider('globex')
    test = await createTestRuntime({
      idType,
      policy: { ...generousLimits, ...cheapHashing },
      further: testOauth([acme.provider, globex.provider]),
    })
  })
  afterAll(async () => {
    await test.close()
    await acme.idp.close()
    await globex.idp.close()
  })
  beforeEach(() => {
    acme.idp.tamper = () => null
  })

  /** All but attempts and what a refusal leaves in the audit log. */
  const accounts = () => test.rows(sql`select to_jsonb(u) as row from users u order by id`)
  const identities = () =>
    test.rows<{ userId: string; subject: string; provider: string }>(
      sql`select user_id::text as "userId", subject, provider from user_identities order by id`,
    )
  const userOf = async (email: string) => {
    const [user] = await test.rows<{
      id: string
      isConfirmed: boolean
      hasPassword: boolean
      displayName: string | null
    }>(sql`
      select id::text as id, confirmed_at is not null as "isConfirmed", hashed_password is not null as "hasPassword",
        display_name as "displayName"
      from users where email_canonical = ${email}`)
    return user
  }
  const link = async (userId: string, subject: string) => {
    const { identity } = requireOauth(test.runtime).tables
    await test.rows(sql`
      insert into ${identity.name} (id, user_id, provider, issuer, subject, email_verified, last_used_at)
      select ${idType === 'uuid' ? sql`gen_random_uuid()` : sql`nextval(pg_get_serial_sequence('user_identities', 'id'))`},
        ${userId}, 'acme', ${acme.idp.issuer}, ${subject}, true, now()`)
  }
  const withPolicy = (changes: PolicyOverrides): TestRuntime => ({
    ...test,
    runtime: {
      ...test.runtime,
      policy: createPolicy({ ...generousLimits, ...cheapHashing, ...changes }, { dangerouslyWeak: true }),
    },
  })
  const logIn = (
    email: string,
    browser: TestCaller = createTestCaller(),
    person: Parameters<typeof createProviderPerson>[1] = {},
  ) => logInByProvider(test, acme, createProviderPerson(email, person), browser)

  describe('somebody new, with an address that the provider vouches for', () => {
    it('has an account without a password, confirmed, and is in with one factor and no sudo', async () => {
      const email = createTestEmail()
      const browser = createTestCaller()
      const result = await logInByProvider(test, acme, createProviderPerson(email), browser, {
        redirectTo: '/projects',
        rememberMe: true,
      })
      const user = await userOf(email)
      expect(user).toMatchObject({ isConfirmed: true, hasPassword: false })
      expect(result).toEqual({
        ok: true,
        outcome: 'signed-in',
        userId: user?.id,
        redirectTo: '/projects',
        isNew: true,
      })
      const { session } = await nextRequest(test.runtime, browser)
      expect(session).toMatchObject({ userId: user?.id, aal: 1, amr: ['fed'], hasSudo: false })
      expect(browser.remembered).toBe(true)
      const method = { metadata: expect.objectContaining({ method: 'provider' }), outcome: 'success' }
      const lines = await readAudit(test, email)
      expect(lines.toSorted((a, b) => a.action.localeCompare(b.action))).toEqual([
        { action: 'auth.confirm', ...method },
        { action: 'auth.log_in', ...method },
        { action: 'auth.register', ...method },
      ])
    })

    it('gets the fields that the host makes of what the provider says, and its further rows', async () => {
      const email = createTestEmail()
      const hosted: string[] = []
      await logInByProvider(test, acme, createProviderPerson(email, { name: 'Ada L.' }), undefined, {
        register: ({ name }) => ({
          fields: { displayName: name },
          inTransaction: (_, user) => {
            hosted.push(user.email)
          },
        }),
      })
      expect(await userOf(email)).toMatchObject({ displayName: 'Ada L.' })
      expect(hosted).toEqual([email])
    })

    it('leaves nothing where the host throws', async () => {
      const email = createTestEmail()
      const before = [await accounts(), await identities()]
      const failing = logInByProvider(test, acme, createProviderPerson(email), undefined, {
        register: () => ({
          inTransaction: () => {
            throw new Error('no seat left')
          },
        }),
      })
      await expect(failing).rejects.toThrow('no seat left')
      expect([await accounts(), await identities()]).toEqual(before)
    })

    it('OA-18: gives away no column by a claim, and keeps no name that a page could not show', async () => {
      const email = createTestEmail()
      const hostile = { name: 'Ada\u0000\u202e<b>', role: 'admin', __proto__: { isAdmin: true } }
      expect(await logIn(email, undefined, hostile)).toMatchObject({ ok: true, isNew: true })
      const [stored] = await test.rows(
        sql`select display_name as "displayName" from user_identities where email = ${email}`,
      )
      expect(stored).toEqual({ displayName: 'Ada\\u0000\\u202e<b>' })
      expect(await userOf(email)).toMatchObject({ displayName: null })
    })

    it.each([
      ['closed', { mode: 'closed' }, 'registration-closed'],
      ['by invitation', { mode: 'invited' }, 'not-invited'],
      ['for another domain', { domains: ['acme.test'] }, 'other-domain'],
    ] as const)('OA-22: gets none where registering is %s', async (_, registration, reason) => {
      const before = [await accounts(), await identities()]
      const result = await logInByProvider(
        withPolicy({ registration }),
        acme,
        createProviderPerson(createTestEmail()),
      )
      expect(result).toMatchObject({ ok: false, reason })
      expect([await accounts(), await identities()]).toEqual(before)
    })

    it('OA-22: gets none with an address that is held for somebody, which is answered like a taken one', async () => {
      const email = createTestEmail()
      const address = parseEmail(email)
      if (!address) throw new Error('no address')
      await inTransaction(test.runtime, (tx) =>
        holdAddress(tx, {
          address: address.canonical,
          reason: 'deleted',
          until: sql`${tx.now} + interval '1 day'`,
          userId: null,
        }),
      )
      expect(await logIn(email)).toEqual({ ok: false, reason: 'log-in-first' })
      expect(await userOf(email)).toBeUndefined()
    })
  })

  describe('somebody known', () => {
    it('is who they were, whatever address the provider has now, and keeps theirs', async () => {
      const email = createTestEmail()
      const first = await logIn(email)
      const moved = createTestEmail()
      const again = await logIn(moved, undefined, { sub: `sub-${email}` })
      expect(again).toMatchObject({ ok: true, isNew: false, userId: first.ok && first.userId })
      expect(await userOf(email)).toBeDefined()
      expect(await userOf(moved)).toBeUndefined()
      const unverified = await logIn(email, undefined, { email_verified: false })
      expect(unverified).toMatchObject({ ok: true, isNew: false })
    })

    it('OA-13: is nobody known at another provider that has the same subject', async () => {
      const email = createTestEmail()
      const first = await logIn(email)
      const person = createProviderPerson(createTestEmail(), { sub: `sub-${email}` })
      const other = await logInByProvider(test, globex, person)
      expect(other).toMatchObject({ ok: true, isNew: true })
      expect(other.ok && other.userId).not.toBe(first.ok && first.userId)
    })

    it('costs nine statements in a browser they use, with those of a transaction', async () => {
      const email = createTestEmail()
      const browser = createTestCaller()
      await logIn(email, browser)
      const begun = await recordQueries(test.orm, async () => {
        acme.idp.person = createProviderPerson(email)
        const answer = await comeBack(test, acme, browser)
        const ended = await recordQueries(test.orm, () =>
          completeProviderLogIn(test.runtime, browser, { provider: 'acme', answer }),
        )
        expect(ended).toHaveLength(9)
      })
      expect(begun).toHaveLength(2 + 9)
    })

    it('is asked for the second factor where one is on, unless the provider saw two', async () => {
      const { user } = await createTotpUser(test)
      await link(user.id, 'two')
      expect(await logIn(user.email, undefined, { sub: 'two' })).toMatchObject({
        outcome: 'second-factor-required',
      })
      const browser = createTestCaller()
      const asserted = await logIn(user.email, browser, { sub: 'two', amr: ['mfa'] })
      expect(asserted).toMatchObject({ outcome: 'signed-in' })
      expect((await nextRequest(test.runtime, browser)).session).toMatchObject({ aal: 2, hasSudo: false })
      // What is not mapped says nothing.
      expect(await logIn(user.email, undefined, { sub: 'two', amr: ['hwk'] })).toMatchObject({
        outcome: 'second-factor-required',
      })
    })

    it('stays outside when disabled', async () => {
      const email = createTestEmail()
      await logIn(email)
      await test.rows(sql`update users set disabled_at = now() where email = ${email}`)
      const browser = createTestCaller()
      expect(await logIn(email, browser)).toEqual({ ok: false, reason: 'disabled' })
      expect(browser.sessionToken).toBeNull()
    })
  })

  describe('an address that has an account', () => {
    it.each(['acme', 'globex'])(
      'OA-28: joins nobody to it where its owner has proven it, whatever %s rules over',
      async (id) => {
        const { email } = await createTestUser(test)
        const before = [await accounts(), await identities()]
        const browser = createTestCaller()
        const at = id === 'acme' ? acme : globex
        expect(await logInByProvider(test, at, createProviderPerson(email), browser)).toEqual({
          ok: false,
          reason: 'log-in-first',
        })
        expect([await accounts(), await identities()]).toEqual(before)
        expect(browser.sessionToken).toBeNull()
        expect((await readAudit(test, email)).at(-1)).toMatchObject({
          action: 'auth.log_in_failed',
          outcome: 'denied',
          metadata: { method: 'provider', reason: 'log-in-first' },
        })
      },
    )

    it('OA-24: is its owner’s where a stranger registered it; what they planted is dead', async () => {
      const lenient = withPolicy({ requireConfirmation: false })
      const { email, browser: stranger, token } = await registerInBrowser(lenient)
      const user = await userOf(email)
      await logInUser(lenient.runtime, stranger, { email, password: testPassword })
      expect((await nextRequest(test.runtime, stranger)).session).not.toBeNull()
      const browser = createTestCaller()
      const result = await logIn(email, browser)
      expect(result).toMatchObject({ ok: true, outcome: 'signed-in', userId: user?.id, isNew: false })
      expect(await userOf(email)).toMatchObject({ isConfirmed: true, hasPassword: false })
      expect((await nextRequest(test.runtime, stranger)).session).toBeNull()
      expect(await canLogIn(test, email, testPassword)).toBe(false)
      expect(token).toBeTruthy()
    })

    it('keeps the password where it was registered in this browser', async () => {
      const { email, browser } = await registerInBrowser(test)
      expect(await logIn(email, browser)).toMatchObject({ ok: true, isNew: false })
      expect(await userOf(email)).toMatchObject({ isConfirmed: true, hasPassword: true })
    })

    it('changes nothing where that account is disabled', async () => {
      const { email } = await createTestUser(test, { confirmed: false })
      await test.rows(sql`update users set disabled_at = now() where email = ${email}`)
      const before = [await accounts(), await identities()]
      expect(await logIn(email)).toEqual({ ok: false, reason: 'disabled' })
      expect([await accounts(), await identities()]).toEqual(before)
    })
  })

  it.each([
    ['does not vouch for', (email: string) => ({ email, email_verified: false })],
    ['says "true" of, in words', (email: string) => ({ email, email_verified: 'true' })],
    ['calls verified by a number', (email: string) => ({ email, email_verified: 1 })],
    ['says nothing of', (email: string) => ({ email })],
    ['does not name', () => ({ email_verified: true })],
    ['names with a line break', (email: string) => ({ email: `${email}\nb`, email_verified: true })],
  ])('OA-10: an address that the provider %s is not looked up', async (_, claim) => {
    const { email } = await createTestUser(test)
    const before = [await accounts(), await identities()]
    for (const address of [email, createTestEmail()]) {
      const statements = await recordQueries(test.orm, async () => {
        const person = { sub: `sub-${address}`, ...claim(address) }
        expect(await logInByProvider(test, acme, person)).toEqual({ ok: false, reason: 'address-unproven' })
      })
      expect(statements.filter((text) => text.includes('email_canonical'))).toEqual([])
    }
    expect([await accounts(), await identities()]).toEqual(before)
  })

  it('is a way in of its own, as long as the app has the provider', async () => {
    const user = await createTestUser(test, { hashedPassword: null })
    await link(user.id, `only-${user.id}`)
    const isLeft = async (providers: string) => {
      const { userTotp } = test.runtime.tables
      const areas = test.runtime.areas.map((area) =>
        area.declaration.name === 'oauth'
          ? {
              ...area,
              credentials: area.credentials.map((each) => ({
                ...each,
                counts: sql`f.provider = ${providers}`,
              })),
            }
          : area,
      )
      const [row] = await test.rows<{ left: boolean }>(sql`
        select ${hasWayInWithout({ ...test.runtime, areas }, { table: userTotp, id: sql`null` })} as left
        from users u where u.id = ${user.id}`)
      return row?.left
    }
    expect([await isLeft('acme'), await isLeft('gone')]).toEqual([true, false])
  })

  it('tells nobody whether there is such a provider but by that', async () => {
    for (const provider of ['other', '', null, ['acme'], { id: 'acme' }, 'ACME']) {
      const before = [await snapshot(test), await snapshotOfAreas(test)]
      const browser = createTestCaller()
      const answer = new URLSearchParams({ state: 'x', code: 'y' })
      expect(await completeProviderLogIn(test.runtime, browser, { provider, answer })).toEqual({
        ok: false,
        reason: 'unknown-provider',
      })
      expect([await snapshot(test), await snapshotOfAreas(test)]).toEqual(before)
    }
  })
})
