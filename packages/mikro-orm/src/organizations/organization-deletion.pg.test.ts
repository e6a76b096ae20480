import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import {
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { receiveInvitation } from '../testing/organizations/test-invitation.ts'
import {
  createTestOrganization,
  createTestSlug,
  type TestOrganization,
} from '../testing/organizations/test-members.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { acceptInvitation } from './answer-invitation.ts'
import { createOrganization } from './create-organization.ts'
import { listMembers } from './list-members.ts'
import { listOrganizations } from './list-organizations.ts'
import { listRestorableOrganizations } from './list-restorable-organizations.ts'
import { renameOrganization } from './rename-organization.ts'
import { restoreOrganization } from './restore-organization.ts'
import { runOrganizationDeletions } from './run-organization-deletions.ts'
import { scheduleOrganizationDeletion } from './schedule-organization-deletion.ts'
import { readSessionOrganization } from './session-organization.ts'
import { switchOrganization } from './switch-organization.ts'

describe.each(['uuid', 'bigint'] as const)('the deletion of an organization, with ids of %s', (idType) => {
  let test: TestRuntime
  let owner: TestUser
  let admin: TestUser
  let browser: TestCaller
  let organization: TestOrganization
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())
  beforeEach(async () => {
    await test.rows(sql`delete from organizations`)
    owner = await createTestUser(test)
    admin = await createTestUser(test)
    organization = await createTestOrganization(test, { owner: owner.id, admin: admin.id })
    browser = await signInTestUser(test, owner)
  })

  const schedule = (caller: TestCaller, { id, slug } = organization) =>
    scheduleOrganizationDeletion(test.runtime, caller, { organizationId: id, confirmation: slug })
  const restore = (caller: TestCaller, { id } = organization) =>
    restoreOrganization(test.runtime, caller, { organizationId: id })
  const run = () => runOrganizationDeletions(test.runtime)
  const isThere = async ({ id } = organization) =>
    (await test.rows(sql`select from organizations where id = ${id}`)).length === 1
  const audited = ({ id } = organization) =>
    test.rows<{ action: string }>(sql`
      select action, outcome, actor_id as "actorId", metadata from audit_events
      where organization_id = ${id} order by occurred_at, id`)

  describe('is asked for', () => {
    it('by whoever types its slug, and is said with its day', async () => {
      const asked = { organizationId: organization.id, confirmation: ` ${organization.slug.toUpperCase()} ` }
      const scheduled = await scheduleOrganizationDeletion(test.runtime, browser, asked)
      if (!scheduled.ok) throw new Error(scheduled.reason)
      const { deleteAfter } = scheduled
      expect(Math.round((deleteAfter.getTime() - Date.now()) / 86_400_000)).toBe(14)
      expect(await audited()).toEqual([
        {
          action: 'organization.deletion_scheduled',
          outcome: 'success',
          actorId: owner.id,
          metadata: { slug: organization.slug, deleteAfter: deleteAfter.toISOString() },
        },
      ])
      expect(await listRestorableOrganizations(test.runtime, browser)).toEqual([
        { ...organization, deleteAfter },
      ])
    })

    it('for nothing but its slug', async () => {
      const organizationId = organization.id
      for (const confirmation of ['', organization.name, `${organization.slug}x`, null, [organization.slug]])
        expect(
          await scheduleOrganizationDeletion(test.runtime, browser, { organizationId, confirmation }),
        ).toEqual({ ok: false, reason: 'not-the-slug' })
      expect(await audited()).toEqual([])
    })

    it('never of a personal one', async () => {
      await test.rows(
        sql`update organizations set personal_owner_id = ${owner.id} where id = ${organization.id}`,
      )
      expect(await schedule(browser)).toEqual({ ok: false, reason: 'personal' })
      expect(await audited()).toEqual([])
    })

    it('ORG-01, ORG-07: by nobody whose role does not allow it, and by no stranger', async () => {
      expect(await schedule(await signInTestUser(test, admin))).toEqual({ ok: false, reason: 'forbidden' })
      const stranger = await signInTestUser(test, await createTestUser(test))
      expect(await schedule(stranger)).toEqual({ ok: false, reason: 'unknown-organization' })
      expect(await schedule(browser)).toMatchObject({ ok: true })
      expect(await schedule(browser)).toEqual({ ok: false, reason: 'unknown-organization' })
    })

    it('so often in a day and no more', async () => {
      const few = await createTestRuntime({
        idType,
        organizations: { policy: { deletions: { capacity: 2, perSeconds: 86_400 } } },
      })
      const user = await createTestUser(few)
      const caller = await signInTestUser(few, user)
      const { id: organizationId, slug } = await createTestOrganization(few, { owner: user.id })
      const asked = { organizationId, confirmation: slug }
      for (let time = 0; time < 2; time++) {
        expect(await scheduleOrganizationDeletion(few.runtime, caller, asked)).toMatchObject({ ok: true })
        expect(await restoreOrganization(few.runtime, caller, { organizationId })).toMatchObject({ ok: true })
      }
      expect(await scheduleOrganizationDeletion(few.runtime, caller, asked)).toMatchObject({
        reason: 'limited',
      })
      await few.close()
    })

    it('and mistyped as often as anything is changed in an hour, which is none of those of the day', async () => {
      const few = await createTestRuntime({
        idType,
        organizations: {
          policy: {
            changes: { capacity: 3, perSeconds: 3600 },
            deletions: { capacity: 2, perSeconds: 86_400 },
          },
        },
      })
      const user = await createTestUser(few)
      const caller = await signInTestUser(few, user)
      const { id: organizationId, slug } = await createTestOrganization(few, { owner: user.id })
      const type = (confirmation: string) =>
        scheduleOrganizationDeletion(few.runtime, caller, { organizationId, confirmation })
      expect(await type('mistyped')).toMatchObject({ reason: 'not-the-slug' })
      expect(await type('mistyped')).toMatchObject({ reason: 'not-the-slug' })
      expect(await type(slug)).toMatchObject({ ok: true })
      expect(await type('mistyped')).toMatchObject({ reason: 'limited' })
      await few.close()
    })
  })

  describe('leaves of it meanwhile', () => {
    it('nothing to its members, whose sessions were at work in it (ORG-09)', async () => {
      const { id: organizationId, slug } = organization
      const member = await signInTestUser(test, admin)
      await switchOrganization(test.runtime, member, { slug })
      await nextRequest(test.runtime, member)
      expect(member.session && readSessionOrganization(member.session)?.role).toBe('admin')
      await schedule(browser)
      // A page that was open, sent after: by what its request found, and by what the next one finds.
      const unknown = { ok: false, reason: 'unknown-organization' }
      expect(await renameOrganization(test.runtime, member, { organizationId, name: 'Rival' })).toEqual(
        unknown,
      )
      expect(await listMembers(test.runtime, member, { organizationId })).toEqual(unknown)
      await nextRequest(test.runtime, member)
      expect(member.session && readSessionOrganization(member.session)).toBeNull()
      expect(await listOrganizations(test.runtime, member)).toEqual([])
      expect(await listRestorableOrganizations(test.runtime, member)).toEqual([])
      expect(await switchOrganization(test.runtime, member, { slug })).toEqual(unknown)
      // Whoever logs in now does not begin there.
      const later = await signInTestUser(test, admin)
      expect(later.session && readSessionOrganization(later.session)).toBeNull()
    })

    it('its slug to nobody else', async () => {
      await schedule(browser)
      expect(
        await createOrganization(test.runtime, browser, { name: 'Other', slug: organization.slug }),
      ).toEqual({ ok: false, reason: 'slug-taken' })
    })

    it('no invitation, also where it is restored', async () => {
      const received = await receiveInvitation(test)
      const { user, token, organization: theirs } = received
      const [invited, inviter] = [
        await signInTestUser(test, user),
        await signInTestUser(test, received.owner),
      ]
      expect(await schedule(inviter, theirs)).toMatchObject({ ok: true })
      expect(await acceptInvitation(test.runtime, invited, { token })).toMatchObject({ reason: 'invalid' })
      expect(await restore(inviter, theirs)).toMatchObject({ ok: true })
      expect(await acceptInvitation(test.runtime, invited, { token })).toMatchObject({ reason: 'invalid' })
    })
  })

  describe('is taken back', () => {
    it('by an owner: everything is there as it was', async () => {
      await schedule(browser)
      const other = await signInTestUser(test, owner)
      expect(await restore(other)).toEqual({ ok: true, slug: organization.slug })
      expect((await listOrganizations(test.runtime, other)).map(({ id }) => id)).toEqual([organization.id])
      expect(await listRestorableOrganizations(test.runtime, other)).toEqual([])
      expect((await audited()).map(({ action }) => action)).toEqual([
        'organization.deletion_scheduled',
        'organization.restored',
      ])
      test.advance({ days: 15 })
      expect(await run()).toMatchObject({ deleted: 0 })
      test.advance({ days: -15 })
    })

    it('by nobody else, of nothing that is not to be deleted, and by nobody once it is due', async () => {
      const unknown = { ok: false, reason: 'unknown-organization' }
      expect(await restore(browser)).toEqual(unknown)
      await schedule(browser)
      expect(await restore(await signInTestUser(test, admin))).toEqual({ ok: false, reason: 'forbidden' })
      expect(await restore(await signInTestUser(test, await createTestUser(test)))).toEqual(unknown)
      await test.rows(sql`update organizations set delete_after = clock_timestamp()`)
      expect(await restore(browser)).toEqual(unknown)
      expect(await listRestorableOrganizations(test.runtime, browser)).toEqual([])
    })
  })

  describe('is done', () => {
    it('once its time has come, with all that is its own, and leaves its lines in the audit log', async () => {
      const other = await createTestOrganization(test, { owner: owner.id })
      await schedule(browser)
      test.advance({ days: 13 })
      expect(await run()).toEqual({ deleted: 0, failed: 0, more: false })
      test.advance({ days: 2 })
      expect(await run()).toEqual({ deleted: 1, failed: 0, more: false })
      expect(await isThere()).toBe(false)
      expect(await isThere(other)).toBe(true)
      for (const table of [sql`organization_memberships`, sql`organization_slugs`])
        expect(await test.rows(sql`select from ${table} where organization_id = ${organization.id}`)).toEqual(
          [],
        )
      expect((await audited()).at(-1)).toEqual({
        action: 'organization.deleted',
        outcome: 'success',
        actorId: null,
        metadata: { slug: organization.slug },
      })
      test.advance({ days: -15 })
    })

    it('for each by itself: one that a table refuses stays whole, is named, and is tried again after an hour', async () => {
      const other = await createTestOrganization(test, { owner: owner.id })
      await test.rows(sql`create table invoices (organization_id ${idType === 'uuid' ? sql`uuid` : sql`bigint`}
        not null references organizations)`)
      await test.rows(sql`insert into invoices values (${organization.id})`)
      await test.rows(sql`update organizations set delete_after = clock_timestamp() - interval '1 minute'`)
      expect(await run()).toEqual({ deleted: 1, failed: 1, more: false })
      expect(await isThere(other)).toBe(false)
      expect(await isThere()).toBe(true)
      expect(await test.rows(sql`select role from organization_memberships`)).toHaveLength(2)
      expect(await audited()).toEqual([
        {
          action: 'organization.deletion_failed',
          outcome: 'failure',
          actorId: null,
          metadata: { reason: '23503', table: 'invoices' },
        },
      ])
      expect(test.logged).toContainEqual({
        level: 'error',
        event: 'organization_deletion.failed',
        fields: { organizationId: organization.id, reason: '23503', table: 'invoices' },
      })
      await test.rows(sql`drop table invoices`)
      expect(await run()).toEqual({ deleted: 0, failed: 0, more: false })
      test.advance({ minutes: 61 })
      expect(await run()).toEqual({ deleted: 1, failed: 0, more: false })
      test.advance({ minutes: -61 })
    })

    it('to no one that somebody is at work in: the next run has it', async () => {
      await test.rows(sql`update organizations set delete_after = clock_timestamp()`)
      await test.orm.em.fork().transactional(async (em) => {
        await em
          .getConnection()
          .execute('select from organizations for update', [], 'all', em.getTransactionContext())
        expect(await run()).toMatchObject({ deleted: 0 })
      })
      expect(await run()).toMatchObject({ deleted: 1 })
    })

    it('so many at a time, and says that there are more', async () => {
      for (let n = 0; n < 2; n++)
        await createTestOrganization(test, { owner: owner.id }, { slug: createTestSlug() })
      await test.rows(sql`update organizations set delete_after = clock_timestamp()`)
      const some = { organizationsPerRun: 2 }
      expect(await runOrganizationDeletions(test.runtime, some)).toEqual({
        deleted: 2,
        failed: 0,
        more: true,
      })
      expect(await runOrganizationDeletions(test.runtime, some)).toEqual({
        deleted: 1,
        failed: 0,
        more: false,
      })
    })
  })
})
