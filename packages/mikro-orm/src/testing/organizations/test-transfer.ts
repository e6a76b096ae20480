import { transferOrganization } from '../../organizations/transfer-organization.ts'
import type { TestCaller } from '../test-caller.ts'
import { deliverMail, findMail, tokenOf } from '../test-mail.ts'
import { createTestOrganization, joinTestOrganization, type TestOrganization } from './test-members.ts'
import type { TestRuntime } from '../test-runtime.ts'
import { signInTestUser } from '../test-session.ts'
import { createTestUser, type TestUser } from '../test-user.ts'

export interface TestTransfer {
  /** Whose it is, and a browser that is signed in as them. */
  giver: TestUser
  browser: TestCaller
  receiver: TestUser
  /** The membership of whoever gets it. */
  memberId: string
  organization: TestOrganization
}

/** An organization with an owner, and a member who could be the next. */
export async function arrangeTransfer(test: TestRuntime): Promise<TestTransfer> {
  const [giver, receiver] = [await createTestUser(test), await createTestUser(test)]
  const organization = await createTestOrganization(test, { owner: giver.id })
  const memberId = await joinTestOrganization(test, organization, receiver.id, 'member')
  return { giver, receiver, memberId, organization, browser: await signInTestUser(test, giver) }
}

/** Hands it over, as its owner does on the page. */
export async function transferIt(
  test: Pick<TestRuntime, 'runtime'>,
  { browser, memberId, organization }: Pick<TestTransfer, 'browser' | 'memberId' | 'organization'>,
) {
  const input = { organizationId: organization.id, memberId, confirmation: organization.slug }
  return transferOrganization(test.runtime, browser, input)
}

/** One that was handed over, and the link that undoes it. */
export async function receiveTransfer(test: TestRuntime): Promise<TestTransfer & { token: string }> {
  const arranged = await arrangeTransfer(test)
  const result = await transferIt(test, arranged)
  if (!result.ok) throw new Error(`not handed over: ${result.reason}`)
  const { undoUrl } = findMail(await deliverMail(test), 'organizationTransferred').props
  return { ...arranged, token: tokenOf(undoUrl) }
}
