import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import {
  createTestRuntime,
  createTestUser,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { deliverMail, readQueue } from '../testing/test-mail.ts'
import { createTestOrganization, type TestOrganization } from '../testing/organizations/test-members.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { restoreOrganization } from './restore-organization.ts'
import { scheduleOrganizationDeletion } from './schedule-organization-deletion.ts'

describe.each(['uuid', 'bigint'] as const)(
  'emails about the deletion of an organization, with ids of %s',
  (idType) => {
    let test: TestRuntime
    let asker: TestUser
    let browser: TestCaller
    let owner: TestUser
    let member: TestUser
    let organization: TestOrganization
    beforeAll(async () => {
      test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
    })
    afterAll(() => test.close())
    beforeEach(async () => {
      asker = await createTestUser(test)
      owner = await createTestUser(test)
      member = await createTestUser(test)
      organization = await createTestOrganization(test, { owner: [asker.id, owner.id], member: member.id })
      browser = await signInTestUser(test, asker)
      await test.rows(sql`delete from graphile_worker._private_jobs`)
    })

    const schedule = (confirmation = organization.slug) =>
      scheduleOrganizationDeletion(test.runtime, browser, { organizationId: organization.id, confirmation })
    const restore = () => restoreOrganization(test.runtime, browser, { organizationId: organization.id })

    it('go to each member once: a link “This wasn’t me” to whoever asked, where to restore it to other owners', async () => {
      const outsider = await createTestUser(test)
      await createTestOrganization(test, { owner: outsider.id })
      const scheduled = await schedule()
      if (!scheduled.ok) throw new Error(scheduled.reason)
      const { deleteAfter } = scheduled
      const { sent } = await deliverMail(test)
      const told = { organization: 'Acme', deleteAfter, occurredAt: expect.any(Date) }
      const organizationsUrl = 'https://app.test/organizations'
      expect(Object.fromEntries(sent.map(({ to, kind, props }) => [to, { kind, props }]))).toEqual({
        [asker.email]: {
          kind: 'organizationDeletionScheduled',
          props: expect.objectContaining({
            ...told,
            organizationsUrl,
            notMeUrl: expect.stringContaining('/not-me/'),
          }),
        },
        [owner.email]: {
          kind: 'organizationToBeDeleted',
          props: expect.objectContaining({ ...told, organizationsUrl }),
        },
        [member.email]: {
          kind: 'organizationToBeDeleted',
          props: expect.objectContaining({ ...told, organizationsUrl: null }),
        },
      })
      expect(sent).toHaveLength(3)
      expect(await readQueue(test)).toEqual([])
    })

    it('are not sent where it was restored, and once where it is asked for anew', async () => {
      await schedule()
      await restore()
      expect(await deliverMail(test)).toMatchObject({ sent: [], dropped: Array(3).fill('no longer true') })
      await schedule()
      await restore()
      test.advance({ minutes: 1 })
      await schedule()
      const { sent, dropped } = await deliverMail(test)
      expect(sent).toHaveLength(3)
      expect(dropped).toHaveLength(3)
      test.advance({ minutes: -1 })
    })

    it('are not sent any more once it is due', async () => {
      await schedule()
      test.advance({ days: 15 })
      expect(await deliverMail(test)).toMatchObject({ sent: [], dropped: Array(3).fill('no longer true') })
      test.advance({ days: -15 })
    })

    it('are sent to nobody who is no member by then, and to nobody where nothing was done', async () => {
      await schedule('another')
      expect(await readQueue(test)).toEqual([])
      await schedule()
      await test.rows(sql`delete from organization_memberships where user_id = ${member.id}`)
      const { sent } = await deliverMail(test)
      expect(sent.map(({ to }) => to).toSorted()).toEqual([asker.email, owner.email].toSorted())
    })
  },
)
