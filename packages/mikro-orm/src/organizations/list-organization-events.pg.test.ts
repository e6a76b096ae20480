import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Sql, sql } from '../database/sql.ts'
import { createTestRuntime, createTestUser, type TestRuntime, type TestUser } from '../testing/index.ts'
import {
  createTestOrganization,
  joinTestOrganization,
  type TestOrganization,
} from '../testing/organizations/test-members.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { changeMemberRole } from './change-member-role.ts'
import { eventsPage, listOrganizationEvents } from './list-organization-events.ts'
import { removeMember } from './remove-member.ts'
import { renameOrganization } from './rename-organization.ts'

describe.each(['uuid', 'bigint'] as const)('the events of an organization, with ids of %s', (idType) => {
  let test: TestRuntime
  let owner: TestUser
  let member: TestUser
  let memberId: string
  let acme: TestOrganization
  let rival: TestOrganization
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())
  beforeEach(async () => {
    owner = await createTestUser(test)
    member = await createTestUser(test)
    acme = await createTestOrganization(test, { owner: owner.id })
    rival = await createTestOrganization(test, { owner: owner.id })
    memberId = await joinTestOrganization(test, acme, member.id, 'member')
  })

  const signIn = () => signInTestUser(test, owner)
  const list = async (asked: object = {}, organization = acme, from = signIn()) =>
    listOrganizationEvents(test.runtime, await from, { organizationId: organization.id, ...asked })
  const actionsOf = async (asked: object = {}, organization = acme) => {
    const page = await list(asked, organization)
    return page.ok ? page.events.map(({ action }) => action) : page.reason
  }
  const rename = async ({ id }: TestOrganization, name: string) =>
    renameOrganization(test.runtime, await signIn(), { organizationId: id, name })

  it('are told by action, role and address of members, the newest first; nothing of another one', async () => {
    const asked = { organizationId: acme.id, memberId }
    await rename(rival, 'Rival')
    await changeMemberRole(test.runtime, await signIn(), { ...asked, role: 'admin' })
    await rename(acme, 'Acme Ltd')
    expect(await list()).toEqual({
      ok: true,
      cursor: null,
      events: [
        {
          id: expect.any(String),
          action: 'organization.renamed',
          occurredAt: expect.any(Date),
          actor: owner.email,
          subject: null,
          metadata: {},
        },
        {
          id: expect.any(String),
          action: 'member.role_changed',
          occurredAt: expect.any(Date),
          actor: owner.email,
          subject: member.email,
          metadata: { role: 'admin', formerRole: 'member' },
        },
      ],
    })
    expect(await actionsOf({}, rival)).toEqual(['organization.renamed'])
    await removeMember(test.runtime, await signIn(), asked)
    const page = await list({ action: 'member.role_changed' })
    expect(page.ok && page.events.map(({ subject }) => subject)).toEqual([null])
  })

  it('are for whose role has audit:read', async () => {
    await rename(acme, 'Acme Ltd')
    expect(await list({}, acme, signInTestUser(test, member))).toEqual({ ok: false, reason: 'forbidden' })
    const stranger = signInTestUser(test, await createTestUser(test))
    expect(await list({}, acme, stranger)).toEqual({ ok: false, reason: 'unknown-organization' })
  })

  it('are asked for by action and time; what cannot be read asks for nothing', async () => {
    await rename(acme, 'Acme Ltd')
    const soon = new Date(Date.now() + 60_000).toISOString()
    expect(await actionsOf({ action: 'organization.renamed', to: soon })).toEqual(['organization.renamed'])
    for (const asked of [{ action: 'auth.log_in' }, { action: '__proto__' }, { from: soon }, { to: 'never' }])
      expect([asked, await actionsOf(asked)]).toEqual([asked, []])
  })

  it('come in pages, and none begins at a line of another organization', async () => {
    await test.rows(sql`
      insert into audit_events (id, action, outcome, organization_id, occurred_at)
      select gen_random_uuid(), 'organization.renamed', 'success', ${acme.id}, now() - n * interval '1 second'
      from generate_series(1, 70) n`)
    const first = await list()
    if (!first.ok || first.cursor === null) throw new Error('there is no second page')
    const second = await list({ cursor: first.cursor })
    expect([first.events.length, second.ok && second.events.length]).toEqual([50, 20])
    expect(await actionsOf({ cursor: first.cursor }, rival)).toEqual([])
    expect(await actionsOf({ cursor: 'x' })).toEqual([])
  })

  it('are found among 50,000 lines by looking at few, whether the organization has many or few', async () => {
    await test.rows(sql`
      insert into audit_events (id, action, outcome, organization_id, occurred_at)
      select gen_random_uuid(), 'organization.renamed', 'success',
        case when n % 10 = 0 then ${acme.id} when n % 500 = 1 then ${rival.id} when n % 2 = 0 then 'org' || n % 99 end,
        now() - n * interval '1 second'
      from generate_series(1, 50000) n`)
    await test.rows(sql`analyze audit_events`)
    const asked = { actions: ['organization.renamed'], from: null, to: null }
    for (const organization of [acme, rival]) {
      const first = await list({}, organization)
      if (!first.ok || first.cursor === null) throw new Error('there is no second page')
      for (const cursor of [null, first.cursor]) {
        const page = eventsPage(test.runtime, sql`${organization.id}`, { ...asked, cursor })
        expect(await mostPassedOver(page)).toBeLessThan(1000)
      }
    }
  })

  async function mostPassedOver(query: Sql): Promise<number> {
    const plan = await test.rows<{ 'QUERY PLAN': string }>(
      sql`explain (analyze, costs off, timing off, summary off) ${query}`,
    )
    const lines = plan.map((line) => line['QUERY PLAN'])
    expect(lines.join('\n')).not.toContain('Seq Scan on audit_events')
    return Math.max(...lines.map((line) => Number(/Rows Removed by Filter: (\d+)/.exec(line)?.[1] ?? 0)))
  }
})
