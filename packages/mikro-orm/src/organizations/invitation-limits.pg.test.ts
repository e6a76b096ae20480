import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestRuntime, createTestUser, type TestRuntime } from '../testing/index.ts'
import {
  createTestOrganization,
  joinTestOrganization,
  type TestOrganization,
} from '../testing/organizations/test-members.ts'
import { generousOrganizations } from '../testing/organizations/test-organizations.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail } from '../testing/test-registration.ts'
import { signInTestUser } from '../testing/test-session.ts'
import type { TestUser } from '../testing/test-user.ts'
import { inviteMembers } from './invite-members.ts'

const DAY = 24 * 3600
const perDay = (capacity: number) => ({ capacity, perSeconds: DAY })

describe('how many people can be invited in a day', () => {
  let test: TestRuntime
  beforeAll(async () => {
    const policy = { ...generousLimits, ...cheapHashing }
    const limits = { invitations: perDay(2), newOrganizationInvitations: perDay(3) }
    test = await createTestRuntime({
      policy,
      organizations: { policy: { ...generousOrganizations, ...limits } },
    })
  })
  afterAll(() => test.close())

  async function invite(organization: TestOrganization, inviter: TestUser, count: number): Promise<string[]> {
    const emails = Array.from({ length: count }, () => createTestEmail()).join('\n')
    const browser = await signInTestUser(test, inviter)
    const result = await inviteMembers(test.runtime, browser, {
      organizationId: organization.id,
      emails,
      role: 'member',
    })
    return result.ok ? result.lines.map(({ answer }) => answer) : [result.reason]
  }

  it('is limited for each inviter, who uses up nothing of a colleague’s', async () => {
    const [owner, colleague] = [await createTestUser(test), await createTestUser(test)]
    const organization = await createTestOrganization(test, { owner: owner.id })
    await joinTestOrganization(test, organization, colleague.id, 'admin')
    expect(await invite(organization, owner, 3)).toEqual(['sent', 'sent', 'limited'])
    expect(await invite(organization, colleague, 1)).toEqual(['sent'])
  })

  it('is limited for an organization on its first day, and strangers take nothing of that', async () => {
    const [owner, colleague, stranger] = [
      await createTestUser(test),
      await createTestUser(test),
      await createTestUser(test),
    ]
    const organization = await createTestOrganization(test, { owner: owner.id })
    await joinTestOrganization(test, organization, colleague.id, 'admin')
    await expect(invite(organization, stranger, 2)).resolves.not.toContain('sent')
    expect(await invite(organization, owner, 2)).toEqual(['sent', 'sent'])
    expect(await invite(organization, colleague, 2)).toEqual(['sent', 'limited'])
  })
})
