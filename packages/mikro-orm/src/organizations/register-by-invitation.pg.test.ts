import { parseEmail } from '@sigra/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { holdAddress } from '../addresses/hold-address.ts'
import { createPolicy } from '../create-policy.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import type { PolicyOverrides } from '../policy.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestRuntime,
} from '../testing/index.ts'
import { sendInvitation } from '../testing/organizations/test-invitation.ts'
import { deliverMail, findMail } from '../testing/test-mail.ts'
import { readRolesOf } from '../testing/organizations/test-members.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import {
  canLogIn,
  createTestEmail,
  registerInBrowser,
  testPassword as password,
} from '../testing/test-registration.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { readAudit, snapshot, snapshotOfAreas } from '../testing/test-snapshot.ts'
import { revokeInvitation } from './change-invitation.ts'
import { listInvitations } from './list-invitations.ts'
import { readSessionOrganization } from './session-organization.ts'
import { registerByInvitation } from './register-by-invitation.ts'

const over = { ok: false, reason: 'invalid' }

describe.each(['uuid', 'bigint'] as const)('registering by an invitation, with ids of %s', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({
      idType,
      policy: { ...generousLimits, ...cheapHashing },
      organizations: { personal: true },
    })
  })
  afterAll(() => test.close())
  beforeEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))

  const everything = async () => [await snapshot(test), await snapshotOfAreas(test)]
  const register = (token: unknown, browser = createTestCaller(), runtime = test.runtime) =>
    registerByInvitation(runtime, browser, { token, password })
  const userOf = async (email: string) => {
    const [user] = await test.rows<{ id: string; isConfirmed: boolean }>(
      sql`select id::text as id, confirmed_at is not null as "isConfirmed" from users where email_canonical = ${email}`,
    )
    return user
  }
  const withPolicy = (registration: NonNullable<PolicyOverrides['registration']>) => ({
    ...test.runtime,
    policy: createPolicy({ ...generousLimits, ...cheapHashing, registration }, { dangerouslyWeak: true }),
  })

  it('makes account, membership and session at once: the link has proven the address', async () => {
    const email = createTestEmail()
    const { organization, token, owner } = await sendInvitation(test, { email }, 'admin')
    const browser = createTestCaller()
    const result = await register(token, browser)
    const user = await userOf(email)
    expect(result).toMatchObject({
      ok: true,
      outcome: 'signed-in',
      userId: user?.id,
      slug: organization.slug,
    })
    expect(user).toMatchObject({ isConfirmed: true })
    expect(await readRolesOf(test, organization)).toEqual({ [owner.id]: 'owner', [user?.id ?? '']: 'admin' })
    const { session } = await nextRequest(test.runtime, browser)
    expect(session).toMatchObject({ userId: user?.id, aal: 1, amr: ['email'] })
    expect(session && readSessionOrganization(session)).toMatchObject({ role: 'admin', organization })
    expect(await canLogIn(test, email, password)).toBe(true)
    expect(
      await test.rows(sql`select from organizations where personal_owner_id::text = ${user?.id}`),
    ).toHaveLength(1)
    expect(findMail(await deliverMail(test), 'memberAdded').props).toMatchObject({ role: 'admin' })
    expect((await readAudit(test, email)).map(({ action }) => action).toSorted()).toEqual([
      'auth.confirm',
      'auth.log_in',
      'auth.log_in', // to see whether the password is right
      'auth.register',
      'invitation.accepted',
      'member.added',
      'security.new_browser',
    ])
  })

  it('ORG-05: uses the invitation up', async () => {
    const email = createTestEmail()
    const { token } = await sendInvitation(test, { email })
    expect(await register(token)).toMatchObject({ ok: true })
    test.advance({ minutes: 2 })
    expect(await register(token)).toEqual(over)
    await test.rows(sql`delete from users where email_canonical = ${email}`)
    expect(await register(token)).toEqual(over)
  })

  it('answers the second press of a button as the first, in that browser and with that password', async () => {
    const email = createTestEmail()
    const { token, organization } = await sendInvitation(test, { email })
    const browser = createTestCaller()
    expect(await register(token, browser)).toMatchObject({ ok: true })
    const again = (typed = password, from = browser) =>
      registerByInvitation(test.runtime, { ...from, session: null }, { token, password: typed })
    const sessions = () => test.rows(sql`select s.id from user_sessions s order by s.id`)
    const made = [await sessions(), await snapshotOfAreas(test), await readAudit(test, email)]
    expect(await again()).toMatchObject({ ok: true, outcome: 'signed-in', slug: organization.slug })
    expect((await nextRequest(test.runtime, browser)).session).not.toBeNull()
    expect(await again()).toEqual(over) // what has come back from the browser is not handed out again
    expect(await again('another long enough one')).toEqual(over)
    expect(await again(password, createTestCaller())).toEqual(over)
    expect([await sessions(), await snapshotOfAreas(test), await readAudit(test, email)]).toEqual(made)
  })

  it('ends the session of whoever was signed in there, and joins nobody else', async () => {
    const { token, organization, owner } = await sendInvitation(test, { email: createTestEmail() })
    const other = await createTestUser(test)
    const browser = await signInTestUser(test, other)
    const result = await register(token, browser)
    expect(result).toMatchObject({ ok: true })
    const members = Object.keys(await readRolesOf(test, organization))
    expect(members).toEqual([owner.id, result.ok ? result.userId : ''])
    expect(await test.rows(sql`select from user_sessions where user_id::text = ${other.id}`)).toEqual([])
  })

  it('ORG-03: takes an account over that nobody has proven; what a squatter left is gone', async () => {
    const squatter = await registerInBrowser(test)
    await deliverMail(test)
    const { token, organization } = await sendInvitation(test, squatter)
    const mine = 'seven herons over the weir'
    const browser = createTestCaller()
    expect(await registerByInvitation(test.runtime, browser, { token, password: mine })).toMatchObject({
      ok: true,
      outcome: 'signed-in',
    })
    expect(await logInUser(test.runtime, squatter.browser, squatter)).toMatchObject({ ok: false })
    expect(await canLogIn(test, squatter.email, mine)).toBe(true)
    expect(Object.keys(await readRolesOf(test, organization))).toHaveLength(2)
    const used = await test.rows(sql`
      select from ${test.runtime.tables.userToken.name} t join users u on u.id = t.user_id
      where u.email_canonical = ${squatter.email} and t.superseded_at is null and t.used_at is null`)
    expect(used).toEqual([])
  })

  it('ORG-03: ends what a squatter is logged in with, where the app lets the unconfirmed in', async () => {
    const policy = createPolicy(
      { ...generousLimits, ...cheapHashing, requireConfirmation: false },
      { dangerouslyWeak: true },
    )
    const runtime = { ...test.runtime, policy }
    const squatter = await registerInBrowser(test)
    expect(await logInUser(runtime, squatter.browser, squatter)).toMatchObject({ ok: true })
    await deliverMail(test)
    const { token } = await sendInvitation(test, squatter)
    expect(await register(token, createTestCaller(), runtime)).toMatchObject({ ok: true })
    expect((await nextRequest(runtime, squatter.browser)).session).toBeNull()
  })

  describe('changes nothing', () => {
    const refused = async (email: string, runtime = test.runtime) => {
      const sent = await sendInvitation(test, { email })
      const before = await everything()
      const result = await register(sent.token, createTestCaller(), runtime)
      expect(await everything()).toEqual(before)
      return result
    }

    it('where the address has a proven account: they log in first', async () => {
      const user = await createTestUser(test)
      expect(await refused(user.email)).toEqual({ ok: false, reason: 'log-in-first' })
    })

    it('where the address is held for somebody else: as if it were taken', async () => {
      const email = createTestEmail()
      const address = parseEmail(email)?.canonical
      if (address === undefined) throw new Error('not an address')
      await inTransaction(test.runtime, (tx) =>
        holdAddress(tx, {
          address,
          reason: 'changed',
          until: sql`${tx.now} + interval '7 days'`,
          userId: null,
        }),
      )
      expect(await refused(email)).toEqual({ ok: false, reason: 'log-in-first' })
    })

    it('where nobody registers, or with addresses of other domains alone', async () => {
      expect(await refused(createTestEmail(), withPolicy({ mode: 'closed' }))).toEqual({
        ok: false,
        reason: 'registration-closed',
      })
      expect(await refused(createTestEmail(), withPolicy({ domains: ['acme.test'] }))).toEqual({
        ok: false,
        reason: 'other-domain',
        domains: ['acme.test'],
      })
    })

    it('where the account nobody has proven is disabled', async () => {
      const squatter = await registerInBrowser(test)
      await test.rows(sql`update users set disabled_at = now() where email_canonical = ${squatter.email}`)
      await deliverMail(test)
      expect(await refused(squatter.email)).toEqual({ ok: false, reason: 'disabled' })
    })

    it('where no seat is left', async () => {
      const { token, organization } = await sendInvitation(test, { email: createTestEmail() })
      await test.rows(sql`update organizations set seat_limit = 1 where id::text = ${organization.id}`)
      const before = await everything()
      expect(await register(token)).toEqual({ ok: false, reason: 'full' })
      expect(await everything()).toEqual(before)
    })

    it('with a password that the policy refuses, and leaves the link as it was', async () => {
      const email = createTestEmail()
      const { token } = await sendInvitation(test, { email })
      const weak = await registerByInvitation(test.runtime, createTestCaller(), { token, password: 'short' })
      expect(weak).toMatchObject({ reason: 'invalid', errors: { password: [{ reason: 'too-short' }] } })
      expect(await userOf(email)).toBeUndefined()
      expect(await register(token)).toMatchObject({ ok: true })
    })

    it('ORG-05: once the invitation is revoked, has expired, or its organization is to be deleted', async () => {
      const ends: ((organization: { id: string }, owner: { id: string }) => Promise<unknown>)[] = [
        ({ id }) =>
          test.rows(
            sql`update organization_invitations set expires_at = now() where organization_id::text = ${id}`,
          ),
        ({ id }) => test.rows(sql`update organizations set delete_after = now() where id::text = ${id}`),
      ]
      for (const end of ends) {
        const email = createTestEmail()
        const { token, organization, owner } = await sendInvitation(test, { email })
        await end(organization, owner)
        expect(await register(token)).toEqual(over)
        expect(await userOf(email)).toBeUndefined()
      }
      const email = createTestEmail()
      const { token, organization, owner } = await sendInvitation(test, { email })
      const browser = await signInTestUser(test, owner)
      const organizationId = organization.id
      const listed = await listInvitations(test.runtime, browser, { organizationId })
      const invitationId = listed.ok ? listed.invitations[0]?.id : null
      expect(await revokeInvitation(test.runtime, browser, { organizationId, invitationId })).toEqual({
        ok: true,
      })
      expect(await register(token)).toEqual(over)
      expect(await userOf(email)).toBeUndefined()
    })

    it.each(['', 'x', null, 7])('by %s, which is no link', async (token) => {
      expect(await register(token)).toEqual(over)
    })
  })

  it('lets in whom an invitation waits for where nobody else may register', async () => {
    const { token } = await sendInvitation(test, { email: createTestEmail() })
    expect(await register(token, createTestCaller(), withPolicy({ mode: 'invited' }))).toMatchObject({
      ok: true,
    })
  })

  it('writes the host’s columns and rows along, and undoes all where those refuse', async () => {
    const email = createTestEmail()
    const { token } = await sendInvitation(test, { email })
    const input = { token, password }
    const refusing = registerByInvitation(test.runtime, createTestCaller(), input, {
      inTransaction: () => Promise.reject(new Error('not today')),
    })
    await expect(refusing).rejects.toThrow('not today')
    expect(await userOf(email)).toBeUndefined()
    const seen: string[] = []
    const result = await registerByInvitation(test.runtime, createTestCaller(), input, {
      inTransaction: (_, user) => {
        seen.push(user.email)
      },
    })
    expect(result).toMatchObject({ ok: true })
    expect(seen).toEqual([email])
  })
})
