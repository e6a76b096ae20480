import { inviteMembers } from '../../organizations/invite-members.ts'
import { deliverMail, findMail, tokenOf } from '../test-mail.ts'
import { createTestOrganization, type TestOrganization } from './test-members.ts'
import type { TestRuntime } from '../test-runtime.ts'
import { signInTestUser } from '../test-session.ts'
import { createTestUser, type TestUser } from '../test-user.ts'

export interface ReceivedInvitation {
  /** Who was invited. */
  user: TestUser
  owner: TestUser
  organization: TestOrganization
  /** Of the link that their mailbox holds. */
  token: string
}

/** Somebody with an account and a proven address, and an invitation in their mailbox. */
export async function receiveInvitation(test: TestRuntime, role = 'member'): Promise<ReceivedInvitation> {
  const [owner, user] = [await createTestUser(test), await createTestUser(test)]
  const organization = await createTestOrganization(test, { owner: owner.id })
  const browser = await signInTestUser(test, owner)
  await inviteMembers(test.runtime, browser, { organizationId: organization.id, emails: user.email, role })
  const { invitationUrl } = findMail(await deliverMail(test), 'organizationInvitation').props
  return { user, owner, organization, token: tokenOf(invitationUrl) }
}
