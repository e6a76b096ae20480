import { inviteMembers } from '../../organizations/invite-members.ts'
import { deliverMail, findMail, tokenOf } from '../test-mail.ts'
import { createTestOrganization, type TestOrganization } from './test-members.ts'
import type { TestRuntime } from '../test-runtime.ts'
import { signInTestUser } from '../test-session.ts'
import { createTestUser, type TestUser } from '../test-user.ts'

export interface SentInvitation {
  owner: TestUser
  organization: TestOrganization
  /** Of the link that the mailbox holds. */
  token: string
}

export interface ReceivedInvitation extends SentInvitation {
  /** Who was invited. */
  user: TestUser
}

/** Somebody with an account and a proven address, and an invitation in their mailbox. */
export async function receiveInvitation(test: TestRuntime, role = 'member'): Promise<ReceivedInvitation> {
  const user = await createTestUser(test)
  return { user, ...(await sendInvitation(test, user, role)) }
}

/** An invitation in the mailbox of an address, of whoever. */
export async function sendInvitation(
  test: TestRuntime,
  { email }: { email: string },
  role = 'member',
): Promise<SentInvitation> {
  const owner = await createTestUser(test)
  const organization = await createTestOrganization(test, { owner: owner.id })
  const browser = await signInTestUser(test, owner)
  await inviteMembers(test.runtime, browser, { organizationId: organization.id, emails: email, role })
  const { invitationUrl } = findMail(await deliverMail(test), 'organizationInvitation').props
  return { owner, organization, token: tokenOf(invitationUrl) }
}
