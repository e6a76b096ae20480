import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'
import {
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import {
  createTestOrganization,
  joinTestOrganization,
  type TestOrganization,
} from '../testing/organizations/test-members.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTotpUser, logInBrowser } from '../testing/test-second-factor.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { verifyUserSecondFactor } from '../second-factor/verify-user-second-factor.ts'
import { leaveOrganization } from './leave-organization.ts'
import { listInvitations } from './list-invitations.ts'
import { listMembers } from './list-members.ts'
import { listOrganizationEvents } from './list-organization-events.ts'
import { getOrganizationPolicy } from './get-organization-policy.ts'
import { listPolicyHits } from './list-policy-hits.ts'
import { renameOrganization } from './rename-organization.ts'
import { readSessionOrganization } from './session-organization.ts'
import { updateOrganizationPolicy } from './update-organization-policy.ts'

const none = { secondFactorInDays: null, allowedMethods: null, maxSessionMinutes: null }

describe.each(['uuid', 'bigint'] as const)('the policy of an organization, with ids of %s', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())

  let owner: TestUser
  let browser: TestCaller
  let organization: TestOrganization
  beforeEach(async () => {
    owner = await createTestUser(test)
    organization = await createTestOrganization(test, { owner: owner.id })
    browser = await signInTestUser(test, owner)
  })

  const update = (changes: object, from = browser) =>
    updateOrganizationPolicy(test.runtime, from, { organizationId: organization.id, ...none, ...changes })
  const stored = async () => {
    const [row] = await test.rows<Record<string, unknown>>(sql`
      select second_factor_from as "from", allowed_methods as methods, max_session_minutes as minutes
      from organizations where id = ${organization.id}`)
    return row
  }
  const rename = async (from: TestCaller) => {
    const asked = { organizationId: organization.id, name: 'Renamed' }
    return renameOrganization(test.runtime, await nextRequest(test.runtime, from), asked)
  }

  it('is an owner’s, who meets it, with a fresh sudo; the log says what it is', async () => {
    expect(await update({ allowedMethods: ['pwd', 'user'], maxSessionMinutes: 60 })).toEqual({
      ok: true,
      secondFactorFrom: null,
    })
    expect(await stored()).toEqual({ from: null, methods: ['pwd', 'user'], minutes: 60 })
    expect(
      await test.rows(sql`
        select metadata from audit_events where organization_id = ${organization.id} and action = 'organization.policy_changed'`),
    ).toEqual([{ metadata: { allowedMethods: 'pwd user', maxSessionMinutes: 60 } }])
    await test.rows(sql`update user_sessions set sudo_at = null where user_id = ${owner.id}`)
    await expect(update({}, await nextRequest(test.runtime, browser))).rejects.toThrow(SudoRequired)
  })

  it('ORG-12: is none that whoever makes it does not meet, notice or not', async () => {
    const lacking = (unmet: string) => ({ ok: false, reason: 'not-met', unmet: [unmet] })
    expect(await update({ secondFactorInDays: 30 })).toEqual(lacking('second-factor'))
    expect(await update({ allowedMethods: ['user'] })).toEqual(lacking('method'))
    expect(await update({ allowedMethods: ['backup'] })).toEqual({ ok: false, reason: 'bad-policy' })
    expect(await stored()).toEqual({ from: null, methods: null, minutes: null })
  })

  it('is nobody’s but an owner’s, and no personal organization has one', async () => {
    const admin = await createTestUser(test)
    await joinTestOrganization(test, organization, admin.id, 'admin')
    const stranger = await signInTestUser(test, await createTestUser(test))
    expect(await update({}, await signInTestUser(test, admin))).toEqual({ ok: false, reason: 'forbidden' })
    expect(await update({}, stranger)).toEqual({ ok: false, reason: 'unknown-organization' })
    await test.rows(sql`
      update organizations set personal_owner_id = ${owner.id}, second_factor_from = now() where id = ${organization.id}`)
    expect(await update({ maxSessionMinutes: 60 })).toEqual({ ok: false, reason: 'personal' })
    expect(await rename(browser)).toEqual({ ok: true, name: 'Renamed' })
  })

  it('ORG-12: gives notice of a second factor, which is not made longer', async () => {
    const { browser: strong } = await ownerWithTwoFactors()
    const first = await update({ secondFactorInDays: 2 }, strong)
    const later = await update({ secondFactorInDays: 30 }, strong)
    expect(first).toMatchObject({ ok: true, secondFactorFrom: expect.any(Date) })
    expect(later).toEqual(first)
    expect(await rename(browser)).toEqual({ ok: true, name: 'Renamed' })
    test.advance({ days: 2 })
    const again = await signInTestUser(test, owner)
    expect(await rename(again)).toEqual({ ok: false, reason: 'policy-unmet' })
    for (const list of [listMembers, listInvitations, listOrganizationEvents])
      expect(await list(test.runtime, again, { organizationId: organization.id })).toEqual({
        ok: false,
        reason: 'policy-unmet',
      })
  })

  it('ORG-12: asks a browser that is trusted for the second factor', async () => {
    const { browser: strong, user, code } = await ownerWithTwoFactors()
    expect(await update({ secondFactorInDays: 0 }, strong)).toMatchObject({ ok: true })
    const waiting = await logInBrowser(test, user)
    await verifyUserSecondFactor(test.runtime, waiting, { code: code(), trustBrowser: true })
    const trusted = await logInBrowser(test, user, await nextRequest(test.runtime, waiting))
    expect(trusted.session).toMatchObject({ awaiting: null, aal: 1 })
    expect(await rename(trusted)).toEqual({ ok: false, reason: 'policy-unmet' })
    expect(await rename(strong)).toEqual({ ok: true, name: 'Renamed' })
  })

  it('lets people leave that nobody meets, and an owner with a second factor change it', async () => {
    const { browser: strong } = await ownerWithTwoFactors()
    await test.rows(
      sql`update organizations set allowed_methods = array['gone'] where id = ${organization.id}`,
    )
    expect(await update({})).toEqual({ ok: false, reason: 'policy-unmet' })
    expect(await leaveOrganization(test.runtime, browser, { organizationId: organization.id })).toEqual({
      ok: true,
    })
    expect(await update({}, strong)).toMatchObject({ ok: true })
    expect(await rename(strong)).toEqual({ ok: true, name: 'Renamed' })
  })

  it('is told to every member, also to one whom it holds back, and to nobody else', async () => {
    const { browser: strong } = await ownerWithTwoFactors()
    const policyOf = async (from: TestCaller) =>
      getOrganizationPolicy(test.runtime, from, { organizationId: organization.id })
    expect(await policyOf(browser)).toEqual({
      ok: true,
      policy: { secondFactorFrom: null, allowedMethods: null, maxSessionMinutes: null },
    })
    await update({ secondFactorInDays: 0, allowedMethods: ['otp'], maxSessionMinutes: 60 }, strong)
    expect(await rename(browser)).toEqual({ ok: false, reason: 'policy-unmet' })
    expect(await policyOf(browser)).toEqual({
      ok: true,
      policy: { secondFactorFrom: expect.any(Date), allowedMethods: ['otp'], maxSessionMinutes: 60 },
    })
    const unknown = { ok: false, reason: 'unknown-organization' }
    expect(await policyOf(await signInTestUser(test, await createTestUser(test)))).toEqual(unknown)
    await test.rows(sql`update organizations set delete_after = now() where id = ${organization.id}`)
    expect(await policyOf(browser)).toEqual(unknown)
  })

  it('says whom it would hit', async () => {
    const { user } = await ownerWithTwoFactors()
    const hits = async (changes: object) => {
      const asked = { organizationId: organization.id, ...none, ...changes }
      const found = await listPolicyHits(test.runtime, browser, asked)
      return found.ok ? found.hits.map(({ email, lacks }) => [email, ...lacks]) : found.reason
    }
    expect(await hits({ secondFactorInDays: 0 })).toEqual([[owner.email, 'second-factor']])
    expect(await hits({ secondFactorInDays: 0, allowedMethods: ['otp'] })).toEqual([
      [owner.email, 'second-factor', 'method'],
    ])
    expect(await hits({ allowedMethods: ['user', 'pop'] })).toEqual([
      [owner.email, 'method'],
      [user.email, 'method'],
    ])
    expect(await hits({ allowedMethods: ['pwd'], maxSessionMinutes: 15 })).toEqual([])
    expect(await hits({ maxSessionMinutes: 1 })).toBe('bad-policy')
  })

  it('is what the session says of the organization it is at work in', async () => {
    await test.rows(sql`
      update organizations set second_factor_from = now() - interval '1 minute', max_session_minutes = 15
      where id = ${organization.id}`)
    const unmetNow = async () => {
      const { session } = await nextRequest(test.runtime, browser)
      return session && readSessionOrganization(session)?.unmet
    }
    expect(await unmetNow()).toEqual(['second-factor'])
    test.advance({ minutes: 15 })
    expect(await unmetNow()).toEqual(['second-factor', 'reauthenticate'])
  })

  /** A second owner, signed in with two factors. */
  async function ownerWithTwoFactors() {
    const strong = await createTotpUser(test)
    await joinTestOrganization(test, organization, strong.user.id, 'owner')
    return { ...strong, browser: await nextRequest(test.runtime, strong.browser) }
  }
})
