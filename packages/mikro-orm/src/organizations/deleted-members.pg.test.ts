import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { cancelUserDeletion } from '../deletion/cancel-user-deletion.ts'
import { getUserDeletionState } from '../deletion/get-user-deletion-state.ts'
import { runUserDeletions } from '../deletion/run-user-deletions.ts'
import { scheduleUserDeletion } from '../deletion/schedule-user-deletion.ts'
import type { Policy } from '../policy.ts'
import {
  createTestRuntime,
  createTestUser,
  recordQueries,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import {
  createTestOrganization,
  joinTestOrganization,
  readRolesOf,
} from '../testing/organizations/test-members.ts'
import { receiveInvitation } from '../testing/organizations/test-invitation.ts'
import { makeDue } from '../testing/test-due-user.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { acceptInvitation } from './answer-invitation.ts'

describe.each(['uuid', 'bigint'] as const)('organizations of a deleted account, with ids of %s', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())

  const someone = () => createTestUser(test, { hashedPassword: null })

  async function deleteNow(
    user: TestUser,
    strategy: Policy['deletion']['strategy'] = 'anonymise',
  ): Promise<unknown> {
    await makeDue(test, user, -1)
    const { policy } = test.runtime
    return runUserDeletions({
      ...test.runtime,
      policy: { ...policy, deletion: { ...policy.deletion, strategy } },
    })
  }

  const audited = (organizationId: string) =>
    test.rows(sql`
      select action, actor_id as "actorId", subject_id as "subjectId", metadata from audit_events
      where organization_id = ${organizationId}`)

  describe('DEL-01: keep it from being asked for', () => {
    const ask = async (user: TestUser) =>
      scheduleUserDeletion(test.runtime, await signInTestUser(test, user), { confirmation: user.email })

    it('where others are in one that nobody else owns, which it names', async () => {
      const [user, other] = [await createTestUser(test), await someone()]
      const team = await createTestOrganization(test, { owner: user.id, admin: other.id }, { name: 'Zeta' })
      await createTestOrganization(test, { owner: [user.id, other.id] }, { name: 'Shared' })
      await createTestOrganization(test, { owner: user.id }, { name: 'Alone' })
      const refused = {
        ok: false,
        reason: 'deletion-blocked',
        blockers: [{ reason: 'only-owner', names: ['Zeta'] }],
      }
      expect(await ask(user)).toEqual(refused)
      const second = await someone()
      await joinTestOrganization(test, team, second.id, 'owner')
      await test.rows(sql`update users set disabled_at = now() where id = ${second.id}`)
      expect(await ask(user)).toEqual(refused)
      await test.rows(sql`update users set disabled_at = null where id = ${second.id}`)
      expect(await ask(user)).toMatchObject({ ok: true })
    })
  })

  it('that nobody else is in are named by the page that asks for it', async () => {
    const [user, other] = [await createTestUser(test), await someone()]
    const browser = await signInTestUser(test, user)
    const state = () => getUserDeletionState(test.runtime, browser)
    expect(await state()).toMatchObject({ goesAlong: [] })
    await createTestOrganization(test, { owner: [user.id, other.id] }, { name: 'Shared' })
    const own = await createTestOrganization(test, { owner: user.id }, { name: 'Own' })
    await createTestOrganization(test, { owner: user.id }, { name: 'Alone' })
    await test.rows(sql`update organizations set personal_owner_id = ${user.id} where id::text = ${own.id}`)
    expect(await state()).toMatchObject({ goesAlong: [{ reason: 'goes-along', names: ['Alone'] }] })
  })

  it('ORG-05: let nobody in by what was sent before its deletion was asked for, also when it is kept', async () => {
    const [gone, stays] = [await receiveInvitation(test), await receiveInvitation(test)]
    const confirmation = gone.owner.email
    const asked = await scheduleUserDeletion(test.runtime, await signInTestUser(test, gone.owner), {
      confirmation,
    })
    expect(asked).toMatchObject({ ok: true })
    const accept = async ({ user, token }: typeof gone) =>
      acceptInvitation(test.runtime, await signInTestUser(test, user), { token })
    expect(await accept(gone)).toEqual({ ok: false, reason: 'invalid' })
    const back = await signInTestUser(test, gone.owner)
    expect(await cancelUserDeletion(test.runtime, back)).toMatchObject({ ok: true })
    expect(await accept(gone)).toEqual({ ok: false, reason: 'invalid' })
    expect(await accept(stays)).toMatchObject({ ok: true })
  })

  describe.each(['anonymise', 'hard', 'soft'] as const)('by the strategy %s', (strategy) => {
    it('DEL-02: go along where nobody else is in them', async () => {
      const user = await someone()
      const personal = await createTestOrganization(test, { owner: user.id })
      await test.rows(sql`update organizations set personal_owner_id = ${user.id} where id = ${personal.id}`)
      const alone = await createTestOrganization(test, { owner: user.id })
      expect(await deleteNow(user, strategy)).toMatchObject({ deleted: 1, failed: 0 })
      expect(
        await test.rows(sql`select from organizations where id in (${personal.id}, ${alone.id})`),
      ).toEqual([])
      expect(await audited(alone.id)).toEqual([
        { action: 'organization.deleted', actorId: null, subjectId: null, metadata: { slug: alone.slug } },
      ])
    })

    it('ORG-08: get the member with most rights for an owner, of those who can act the one who has been there longest', async () => {
      const [user, gone, member, admin, later] = [
        await someone(),
        await someone(),
        await someone(),
        await someone(),
        await someone(),
      ]
      const team = await createTestOrganization(test, { owner: user.id })
      for (const [{ id }, role] of [
        [gone, 'admin'],
        [member, 'member'],
        [admin, 'admin'],
        [later, 'admin'],
      ] as const)
        await joinTestOrganization(test, team, id, role)
      await test.rows(sql`update users set disabled_at = now() where id = ${gone.id}`)
      expect(await deleteNow(user, strategy)).toMatchObject({ deleted: 1, failed: 0 })
      expect(await readRolesOf(test, team)).toEqual({
        [gone.id]: 'admin',
        [member.id]: 'member',
        [admin.id]: 'owner',
        [later.id]: 'admin',
      })
      expect(await audited(team.id)).toEqual([
        {
          action: 'member.role_changed',
          actorId: null,
          subjectId: admin.id,
          metadata: { role: 'owner', formerRole: 'admin' },
        },
      ])
    })

    it('keep their owners where there are others, and lose the member', async () => {
      const [user, owner, member] = [await someone(), await someone(), await someone()]
      const team = await createTestOrganization(test, { owner: [user.id, owner.id], member: member.id })
      const other = await createTestOrganization(test, { owner: owner.id, admin: user.id })
      expect(await deleteNow(user, strategy)).toMatchObject({ deleted: 1, failed: 0 })
      expect(await readRolesOf(test, team)).toEqual({ [owner.id]: 'owner', [member.id]: 'member' })
      expect(await readRolesOf(test, other)).toEqual({ [owner.id]: 'owner' })
      expect(await audited(team.id)).toEqual([])
    })
  })

  it('are locked before the user, as by everybody who changes members', async () => {
    const [user, other] = [await someone(), await someone()]
    await createTestOrganization(test, { owner: user.id, member: other.id })
    const texts = await recordQueries(test.orm, () => deleteNow(user))
    const [organization, locked] = [
      /organizations" o where .* for update/s,
      /"users" u\s+where .* for update skip locked/s,
    ].map((pattern) => texts.findIndex((text) => pattern.test(text)))
    expect(organization).toBeGreaterThan(0)
    expect(locked).toBeGreaterThan(organization ?? Number.NaN)
  })
})
