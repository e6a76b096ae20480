import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'
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
import {
  createTestOrganization,
  joinTestOrganization,
  readRolesOf,
  type TestOrganization,
} from '../testing/organizations/test-members.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { renameOrganization } from './rename-organization.ts'
import { listInvitations } from './list-invitations.ts'
import { inviteMembers } from './invite-members.ts'
import { resendInvitation } from './change-invitation.ts'
import { changeMemberRole } from './change-member-role.ts'
import { leaveOrganization } from './leave-organization.ts'
import { listMembers } from './list-members.ts'
import { removeMember } from './remove-member.ts'
import { requireOrganizations } from './require-organizations.ts'

const CLIENTS = 6

describe.each(['uuid', 'bigint'] as const)('members, with ids of %s', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())

  let people: Record<'owner' | 'admin' | 'member', TestUser>
  let organization: TestOrganization
  /** Of their memberships. */
  let ids: Record<'owner' | 'admin' | 'member', string>
  beforeEach(async () => {
    people = {
      owner: await createTestUser(test),
      admin: await createTestUser(test),
      member: await createTestUser(test),
    }
    organization = await createTestOrganization(test, { owner: people.owner.id })
    ids = {
      owner: await membershipOf(people.owner),
      admin: await joinTestOrganization(test, organization, people.admin.id, 'admin'),
      member: await joinTestOrganization(test, organization, people.member.id, 'member'),
    }
  })

  async function membershipOf({ id }: TestUser): Promise<string> {
    const [row] = await test.rows<{ id: string }>(sql`
      select id::text as id from organization_memberships where organization_id = ${organization.id} and user_id = ${id}`)
    return row?.id ?? ''
  }

  const signIn = (who: keyof typeof people) => signInTestUser(test, people[who])
  const change = async (who: keyof typeof people, memberId: unknown, role: unknown) =>
    changeMemberRole(test.runtime, await signIn(who), { organizationId: organization.id, memberId, role })
  const remove = async (who: keyof typeof people, memberId: unknown) =>
    removeMember(test.runtime, await signIn(who), { organizationId: organization.id, memberId })
  const leave = async (who: keyof typeof people) =>
    leaveOrganization(test.runtime, await signIn(who), { organizationId: organization.id })
  const roles = () => readRolesOf(test, organization)
  const before = () => ({
    [people.owner.id]: 'owner',
    [people.admin.id]: 'admin',
    [people.member.id]: 'member',
  })
  const audited = () =>
    test.rows(sql`
      select action, actor_id as "actorId", subject_id as "subjectId", metadata from audit_events
      where organization_id = ${organization.id} order by occurred_at, id`)

  describe('get another role', () => {
    it('from who has whatever it may, and the log says from which', async () => {
      expect(await change('admin', ids.member, 'admin')).toEqual({ ok: true, role: 'admin' })
      expect(await change('owner', ids.admin, 'member')).toEqual({ ok: true, role: 'member' })
      expect(await change('owner', ids.admin, 'member')).toEqual({ ok: true, role: 'member' })
      expect(await roles()).toEqual({ ...before(), [people.member.id]: 'admin', [people.admin.id]: 'member' })
      expect(await audited()).toEqual([
        {
          action: 'member.role_changed',
          actorId: people.admin.id,
          subjectId: people.member.id,
          metadata: { role: 'admin', formerRole: 'member' },
        },
        {
          action: 'member.role_changed',
          actorId: people.owner.id,
          subjectId: people.admin.id,
          metadata: { role: 'member', formerRole: 'admin' },
        },
      ])
    })

    it('ORG-07: not one that is richer than the giver’s, nor from under one, nor by who may not change any', async () => {
      const forbidden = { ok: false, reason: 'forbidden' }
      expect(await change('admin', ids.owner, 'member')).toEqual(forbidden)
      expect(await change('admin', ids.admin, 'owner')).toEqual(forbidden)
      expect(await change('admin', ids.member, 'owner')).toEqual(forbidden)
      expect(await change('member', ids.member, 'admin')).toEqual(forbidden)
      expect(await roles()).toEqual(before())
      expect(await audited()).toEqual([])
    })

    it('ORG-06: not one that does not exist', async () => {
      for (const role of [
        'Owner',
        'root',
        '',
        '__proto__',
        'constructor',
        ['admin'],
        { role: 'admin' },
        null,
      ])
        expect(await change('owner', ids.member, role)).toEqual({ ok: false, reason: 'unknown-role' })
      expect(await roles()).toEqual(before())
    })

    it('may nothing by a role that the app does not have any more', async () => {
      await test.rows(sql`update organization_memberships set role = 'boss' where id = ${ids.admin}`)
      expect(await change('admin', ids.member, 'member')).toEqual({ ok: false, reason: 'forbidden' })
    })

    it('become owners by a fresh sudo alone', async () => {
      const owner = await signIn('owner')
      const without = createTestCaller({
        ...owner,
        session: owner.session && { ...owner.session, hasSudo: false },
      })
      const asked = { organizationId: organization.id, memberId: ids.member, role: 'owner' }
      await expect(changeMemberRole(test.runtime, without, asked)).rejects.toThrow(SudoRequired)
      expect(await roles()).toEqual(before())
      expect(await changeMemberRole(test.runtime, owner, asked)).toEqual({ ok: true, role: 'owner' })
      expect(await change('member', ids.owner, 'member')).toEqual({ ok: true, role: 'member' })
      expect(await roles()).toEqual({ ...before(), [people.owner.id]: 'member', [people.member.id]: 'owner' })
    })
  })

  describe('go', () => {
    it('by being removed, which the log says and a proven domain does not undo', async () => {
      expect(await remove('admin', ids.member)).toEqual({ ok: true })
      expect(await roles()).toEqual({ [people.owner.id]: 'owner', [people.admin.id]: 'admin' })
      expect(
        await test.rows(
          sql`select user_id::text as id from organization_exclusions where organization_id = ${organization.id}`,
        ),
      ).toEqual([{ id: people.member.id }])
      expect(await audited()).toMatchObject([
        { action: 'member.removed', actorId: people.admin.id, subjectId: people.member.id },
      ])
      expect(await remove('admin', ids.member)).toEqual({ ok: false, reason: 'unknown-member' })
      // Somebody brought them back; they are removed once more.
      const again = await joinTestOrganization(test, organization, people.member.id, 'member')
      expect(await remove('owner', again)).toEqual({ ok: true })
    })

    it('ORG-07: not by who may not, nor from a richer role, nor by themselves', async () => {
      const forbidden = { ok: false, reason: 'forbidden' }
      expect(await remove('member', ids.admin)).toEqual(forbidden)
      expect(await remove('admin', ids.owner)).toEqual(forbidden)
      expect(await remove('owner', ids.owner)).toEqual(forbidden)
      expect(await roles()).toEqual(before())
    })

    it('by leaving, whatever their role', async () => {
      expect(await leave('member')).toEqual({ ok: true })
      expect(await leave('member')).toEqual({ ok: false, reason: 'unknown-organization' })
      expect(await roles()).toEqual({ [people.owner.id]: 'owner', [people.admin.id]: 'admin' })
      expect(await audited()).toMatchObject([{ action: 'member.left', metadata: { formerRole: 'member' } }])
    })

    it('ORG-08: but for the last owner who can act as one', async () => {
      const lastOwner = { ok: false, reason: 'last-owner' }
      expect(await leave('owner')).toEqual(lastOwner)
      expect(await change('owner', ids.owner, 'member')).toEqual(lastOwner)
      const second = await createTestUser(test)
      await joinTestOrganization(test, organization, second.id, 'owner')
      for (const away of [
        sql`disabled_at = now()`,
        sql`disabled_at = null, delete_after = now() + interval '9 days'`,
      ]) {
        await test.rows(sql`update users set ${away} where id = ${second.id}`)
        expect(await leave('owner')).toEqual(lastOwner)
        expect(await change('owner', ids.owner, 'member')).toEqual(lastOwner)
      }
      await test.rows(sql`update users set delete_after = null where id = ${second.id}`)
      expect(await leave('owner')).toEqual({ ok: true })
    })
  })

  describe('ORG-01: of another organization', () => {
    it('are neither changed nor removed, by their id or by its', async () => {
      const stranger = await createTestUser(test)
      const elsewhere = await createTestOrganization(test, { owner: stranger.id })
      const browser = await signInTestUser(test, stranger)
      const unknown = { ok: false, reason: 'unknown-organization' }
      const all = { organizationId: organization.id, memberId: ids.member, role: 'admin' }
      expect(await changeMemberRole(test.runtime, browser, all)).toEqual(unknown)
      expect(await removeMember(test.runtime, browser, all)).toEqual(unknown)
      expect(await leaveOrganization(test.runtime, browser, all)).toEqual(unknown)
      expect(await listMembers(test.runtime, browser, all)).toEqual(unknown)
      const mixed = { ...all, organizationId: elsewhere.id }
      const unknownMember = { ok: false, reason: 'unknown-member' }
      expect(await changeMemberRole(test.runtime, browser, mixed)).toEqual(unknownMember)
      expect(await removeMember(test.runtime, browser, mixed)).toEqual(unknownMember)
      for (const memberId of ['x', '', null, [ids.member], "1' or 1=1"])
        expect(await removeMember(test.runtime, browser, { ...mixed, memberId })).toEqual(unknownMember)
      expect(await roles()).toEqual(before())
    })
  })

  describe('are listed', () => {
    it('for who may read them, a page after the other, and found by a part of their address', async () => {
      const small = await createTestRuntime({
        idType,
        policy: { ...generousLimits, ...cheapHashing },
        organizations: { policy: { membersPerPage: 2 } },
      })
      const owner = await createTestUser(small, { email: 'Owner@example.com' })
      const team = await createTestOrganization(small, { owner: owner.id })
      for (const email of ['ann@example.com', '100%_real@example.com', 'eve@example.com'])
        await joinTestOrganization(
          small,
          team,
          (await createTestUser(small, { email, hashedPassword: null })).id,
          'member',
        )
      const elsewhere = await createTestUser(small, { email: 'far@example.com', hashedPassword: null })
      await createTestOrganization(small, { owner: elsewhere.id })
      const browser = await signInTestUser(small, owner)
      const list = async (input: { q?: unknown; after?: unknown } = {}) => {
        const page = await listMembers(small.runtime, browser, { organizationId: team.id, ...input })
        if (!page.ok) throw new Error(page.reason)
        return { emails: page.members.map(({ email }) => email), after: page.after }
      }
      const first = await list()
      expect(first.emails).toEqual(['Owner@example.com', 'ann@example.com'])
      const second = await list({ after: first.after })
      expect(second).toEqual({ emails: ['100%_real@example.com', 'eve@example.com'], after: null })
      expect((await list({ q: ' OWNER@ ' })).emails).toEqual(['Owner@example.com'])
      expect((await list({ q: '%' })).emails).toEqual(['100%_real@example.com'])
      expect((await list({ q: 'far' })).emails).toEqual([])
      expect((await list({ after: ['x'], q: { a: 1 } })).emails).toEqual(first.emails)
      await small.close()
    })

    it('for nobody who may not, and for no stranger', async () => {
      await test.rows(sql`update organization_memberships set role = 'guest' where id = ${ids.member}`)
      const asked = { organizationId: organization.id }
      expect(await listMembers(test.runtime, await signIn('member'), asked)).toEqual({
        ok: false,
        reason: 'forbidden',
      })
      await expect(listMembers(test.runtime, createTestCaller(), asked)).rejects.toThrow(SudoRequired)
    })

    it('ORG-09: not for who was removed, in a tab that was open before', async () => {
      const open = await signIn('member')
      await remove('owner', ids.member)
      await nextRequest(test.runtime, open)
      const asked = { organizationId: organization.id }
      expect(await listMembers(test.runtime, open, asked)).toEqual({
        ok: false,
        reason: 'unknown-organization',
      })
    })
  })

  describe('ORG-07: who had another role when their page was opened', () => {
    it('may what they may now: nothing else is done by what was shown to them', async () => {
      const open = await signIn('admin')
      const organizationId = organization.id
      const asked = { organizationId, permission: 'members:invite' }
      const invite = () =>
        inviteMembers(test.runtime, open, { organizationId, emails: 'new@friend.example', role: 'member' })
      expect(await invite()).toMatchObject({ ok: true })
      const listed = await listInvitations(test.runtime, open, asked)
      const invitationId = listed.ok ? listed.invitations[0]?.id : null
      await change('owner', ids.admin, 'member')

      await nextRequest(test.runtime, open)
      const refused = { ok: false, reason: 'forbidden' }
      const lines = await audited()
      expect([
        await invite(),
        await resendInvitation(test.runtime, open, { organizationId, invitationId }),
        await changeMemberRole(test.runtime, open, { organizationId, memberId: ids.member, role: 'admin' }),
        await removeMember(test.runtime, open, { organizationId, memberId: ids.member }),
        await renameOrganization(test.runtime, open, { organizationId, name: 'Mine' }),
        await listInvitations(test.runtime, open, asked),
      ]).toEqual(Array.from({ length: 6 }, () => refused))
      expect(await roles()).toEqual({ ...before(), [people.admin.id]: 'member' })
      expect(await audited()).toEqual(lines)
    })
  })

  describe('ORG-08: owners who leave, or are demoted, all at once', () => {
    async function prepare() {
      const owners = await Promise.all(Array.from({ length: CLIENTS }, () => createTestUser(test)))
      const team = await createTestOrganization(test, { owner: owners.map(({ id }) => id) })
      const browsers = await Promise.all(owners.map((owner) => signInTestUser(test, owner)))
      return { team, owners, browsers }
    }
    type Setup = Awaited<ReturnType<typeof prepare>>
    const browserOf = ({ browsers }: Setup, client: number): TestCaller =>
      browsers[client] ?? createTestCaller()
    const left = async ({ team }: Setup) =>
      Object.values(await readRolesOf(test, team)).filter((role) => role === 'owner')

    it('leave one behind', async () => {
      const winners = await race('organizationMembership.role', {
        rounds: 6,
        clients: CLIENTS,
        maxWinners: CLIENTS - 1,
        prepare,
        async attempt(setup, client) {
          const caller = browserOf(setup, client)
          return (await leaveOrganization(test.runtime, caller, { organizationId: setup.team.id })).ok
        },
        async invariant(setup, gone) {
          expect(gone).toBe(CLIENTS - 1)
          expect(await left(setup)).toEqual(['owner'])
        },
      })
      expect(winners).toBe(6 * (CLIENTS - 1))
    })

    it('each demoted by the next, leave one behind', async () => {
      const demoted = await race('organizationMembership.role', {
        rounds: 6,
        clients: CLIENTS,
        maxWinners: CLIENTS - 1,
        prepare,
        async attempt(setup, client) {
          const next = setup.owners[(client + 1) % CLIENTS]?.id ?? ''
          const [row] = await test.rows<{ id: string }>(sql`
            select id::text as id from organization_memberships where organization_id = ${setup.team.id} and user_id = ${next}`)
          const asked = { organizationId: setup.team.id, memberId: row?.id, role: 'member' }
          return (await changeMemberRole(test.runtime, browserOf(setup, client), asked)).ok
        },
        async invariant(setup) {
          expect((await left(setup)).length).toBeGreaterThanOrEqual(1)
        },
      })
      expect(demoted).toBeGreaterThan(0)
    })

    it('would leave nobody by a count that comes first, without lock and trigger', async () => {
      const { membership } = requireOrganizations(test.runtime).tables
      await test.rows(sql`alter table organization_memberships disable trigger organization_keeps_owner`)
      let orphaned = 0
      await race('organizationMembership.role', {
        rounds: 10,
        clients: CLIENTS,
        maxWinners: CLIENTS,
        prepare,
        async attempt({ team, owners }, client) {
          const [row] = await test.rows<{ count: number }>(sql`
            select count(*)::int as count from ${membership.name} where organization_id = ${team.id}`)
          if ((row?.count ?? 0) < 2) return false
          await test.rows(sql`delete from ${membership.name} where user_id = ${owners[client]?.id ?? ''}`)
          return true
        },
        async invariant(setup) {
          if ((await left(setup)).length === 0) orphaned += 1
        },
      })
      await test.rows(sql`alter table organization_memberships enable trigger organization_keeps_owner`)
      expect(orphaned).toBeGreaterThan(0)
    })
  })
})
