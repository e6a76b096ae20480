import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { createTestRuntime, createTestUser, type TestRuntime, type TestUser } from '../testing/index.ts'
import { deliverMail } from '../testing/test-mail.ts'
import {
  createTestOrganization,
  joinTestOrganization,
  type TestOrganization,
} from '../testing/organizations/test-members.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { changeMemberRole } from './change-member-role.ts'
import { removeMember } from './remove-member.ts'

describe.each(['uuid', 'bigint'] as const)('emails to members, with ids of %s', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())

  let owner: TestUser
  let member: TestUser
  let organization: TestOrganization
  let memberId: string
  beforeEach(async () => {
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    owner = await createTestUser(test)
    member = await createTestUser(test)
    organization = await createTestOrganization(test, { owner: owner.id })
    memberId = await joinTestOrganization(test, organization, member.id, 'member')
  })

  const change = async (role: string) =>
    changeMemberRole(test.runtime, await signInTestUser(test, owner), {
      organizationId: organization.id,
      memberId,
      role,
    })
  const remove = async () =>
    removeMember(test.runtime, await signInTestUser(test, owner), {
      organizationId: organization.id,
      memberId,
    })
  const ofOrganizations = async () => {
    const { sent, dropped } = await deliverMail(test)
    return { sent: sent.filter(({ kind }) => kind.startsWith('member')), dropped }
  }

  it('say which role they have now, and nothing of the browser of whoever gave it', async () => {
    expect(await change('admin')).toMatchObject({ ok: true })
    const { sent } = await ofOrganizations()
    expect(sent).toMatchObject([
      {
        kind: 'memberRoleChanged',
        to: member.email,
        props: {
          organization: organization.name,
          role: 'admin',
          formerRole: 'member',
          organizationUrl: `https://app.test/organizations/${organization.slug}`,
        },
      },
    ])
    expect(Object.keys(sent[0]?.props ?? {})).not.toEqual(expect.arrayContaining(['browser', 'address']))
  })

  it('say that they are gone', async () => {
    expect(await remove()).toEqual({ ok: true })
    expect((await ofOrganizations()).sent).toMatchObject([
      { kind: 'memberRemoved', to: member.email, props: { organization: organization.name, role: 'member' } },
    ])
  })

  it('have the slug of an organization whose name a mail client would make a link of (ORG-14)', async () => {
    await test.rows(
      sql`update organizations set name = 'win at evil.example' where id::text = ${organization.id}`,
    )
    await change('admin')
    expect((await ofOrganizations()).sent).toMatchObject([{ props: { organization: organization.slug } }])
  })

  it.each([
    ['have another role by now', () => change('member')],
    ['are gone by now', remove],
    ['are members of an organization that is to be deleted', deleteSoon],
  ])('are not sent to who %s (ORG-09)', async (_, happen) => {
    await change('admin')
    await happen()
    const { sent, dropped } = await ofOrganizations()
    expect(sent.filter(({ kind, props }) => kind === 'memberRoleChanged' && isOf(props, 'admin'))).toEqual([])
    expect(dropped).toContain('no longer true')
  })

  it('are not sent to who was removed and is back', async () => {
    await remove()
    await joinTestOrganization(test, organization, member.id, 'member')
    const { sent, dropped } = await ofOrganizations()
    expect({ sent, dropped }).toEqual({ sent: [], dropped: ['no longer true'] })
  })

  const isOf = (props: object, role: string) => 'role' in props && props.role === role

  async function deleteSoon(): Promise<void> {
    await test.rows(sql`update organizations set delete_after = now() + interval '14 days'
      where id::text = ${organization.id}`)
  }
})
