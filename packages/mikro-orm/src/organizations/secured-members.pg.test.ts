import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { getUserByNotMeToken } from '../not-me/get-user-by-not-me-token.ts'
import { secureUser } from '../not-me/secure-user.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  race,
  type TestRuntime,
} from '../testing/index.ts'
import { deliverMail, findMail, tokenOf } from '../testing/test-mail.ts'
import {
  createTestOrganization,
  joinTestOrganization,
  readRolesOf,
  type TestOrganization,
} from '../testing/organizations/test-members.ts'
import { receiveNotice } from '../testing/test-notice.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { orOvertaken, signInTestUser } from '../testing/test-session.ts'
import { arrangeTransfer, receiveTransfer, transferIt } from '../testing/organizations/test-transfer.ts'
import { scheduleOrganizationDeletion } from './schedule-organization-deletion.ts'

describe.each(['uuid', 'bigint'] as const)('“This wasn’t me”, with ids of %s', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())
  beforeEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))

  const secure = (token: string) => secureUser(test.runtime, createTestCaller(), { token })
  const isToBeDeleted = async ({ id }: TestOrganization) =>
    (await test.rows(sql`select from organizations where id = ${id} and delete_after is not null`)).length > 0
  const actionsOf = async ({ id }: TestOrganization) =>
    (
      await test.rows<{ action: string }>(sql`
        select action from audit_events where organization_id = ${id} order by occurred_at, id`)
    ).map(({ action }) => action)
  const arrange = async () => {
    const owner = await createTestUser(test)
    const organization = await createTestOrganization(test, { owner: owner.id })
    return { owner, organization, browser: await signInTestUser(test, owner) }
  }
  const schedule = async ({ browser, organization }: Awaited<ReturnType<typeof arrange>>) =>
    scheduleOrganizationDeletion(test.runtime, browser, {
      organizationId: organization.id,
      confirmation: organization.slug,
    })

  it('restores an organization whose deletion was asked for, by its notice as long as that is ahead', async () => {
    const arranged = await arrange()
    await schedule(arranged)
    const { notMeUrl, notMeDays } = findMail(await deliverMail(test), 'organizationDeletionScheduled').props
    expect(notMeDays).toBe(14)
    test.advance({ days: 13 })
    expect(await secure(tokenOf(notMeUrl))).toEqual({ ok: true })
    test.advance({ days: -13 })
    expect(await isToBeDeleted(arranged.organization)).toBe(false)
    expect(await actionsOf(arranged.organization)).toEqual([
      'organization.deletion_scheduled',
      'organization.restored',
    ])
  })

  it('restores it by any other notice, and leaves what another owner asked for', async () => {
    const [arranged, other] = [await arrange(), await arrange()]
    await joinTestOrganization(test, other.organization, arranged.owner.id, 'owner')
    const token = await receiveNotice(test, arranged.owner)
    await schedule(arranged)
    await schedule(other)
    expect(await secure(token)).toEqual({ ok: true })
    expect(await isToBeDeleted(arranged.organization)).toBe(false)
    expect(await isToBeDeleted(other.organization)).toBe(true)
  })

  it('gives back what was handed over, and tells whoever it is about', async () => {
    const arranged = await receiveTransfer(test)
    const { giver, receiver, organization } = arranged
    expect(await secure(await receiveNotice(test, giver))).toEqual({ ok: true })
    expect(await readRolesOf(test, organization)).toEqual({ [giver.id]: 'owner', [receiver.id]: 'member' })
    const { sent } = await deliverMail(test)
    const told = sent.flatMap(({ kind, to }) => (kind === 'memberRoleChanged' ? [to] : []))
    expect(told.toSorted()).toEqual([giver.email, receiver.email].toSorted())
  })

  it('names what comes back before anything is done: what is to be deleted or was handed over in their name, no more', async () => {
    const namesFor = async (token: string) =>
      (await getUserByNotMeToken(test.runtime, createTestCaller(), token))?.comesBack
    const [arranged, other] = [await arrange(), await arrange()]
    await joinTestOrganization(test, other.organization, arranged.owner.id, 'owner')
    const token = await receiveNotice(test, arranged.owner)
    await schedule(other)
    expect(await namesFor(token)).toEqual([])
    await schedule(arranged)
    expect(await namesFor(token)).toEqual([{ reason: 'comes-back', names: [arranged.organization.name] }])

    const { giver, receiver, organization } = await receiveTransfer(test)
    const ofGiver = await receiveNotice(test, giver)
    expect(await namesFor(ofGiver)).toEqual([{ reason: 'comes-back', names: [organization.name] }])
    expect(await namesFor(await receiveNotice(test, receiver))).toEqual([])
    test.advance({ days: 8 })
    expect(await namesFor(await receiveNotice(test, giver))).toEqual([])
    test.advance({ days: -8 })
  })

  it('takes nothing back that was handed to somebody', async () => {
    const { giver, receiver, organization } = await receiveTransfer(test)
    expect(await secure(await receiveNotice(test, receiver))).toEqual({ ok: true })
    expect(await readRolesOf(test, organization)).toEqual({ [giver.id]: 'admin', [receiver.id]: 'owner' })
  })

  it('comes to an end beside whoever hands it over or has it deleted at that moment', async () => {
    const secured = await race('organization.deleteAfter', {
      rounds: 6,
      clients: 4,
      maxWinners: 2,
      async prepare() {
        const arranged = await arrangeTransfer(test)
        const browsers = await Promise.all([1, 2].map(() => signInTestUser(test, arranged.giver)))
        const tokens = [await receiveNotice(test, arranged.giver), await receiveNotice(test, arranged.giver)]
        return { ...arranged, browsers, tokens }
      },
      async attempt({ browsers, tokens, ...arranged }, client) {
        const [browser, token] = [browsers[client] ?? arranged.browser, tokens[client - 2]]
        if (token !== undefined) return (await secure(token)).ok
        const { id: organizationId, slug: confirmation } = arranged.organization
        if (client === 0) await orOvertaken(transferIt(test, { ...arranged, browser }))
        else
          await orOvertaken(
            scheduleOrganizationDeletion(test.runtime, browser, { organizationId, confirmation }),
          )
        return false
      },
      async invariant({ giver, organization }) {
        expect(await isToBeDeleted(organization)).toBe(false)
        expect(await readRolesOf(test, organization)).toMatchObject({ [giver.id]: 'owner' })
      },
    })
    expect(secured).toBe(12)
  })
})
