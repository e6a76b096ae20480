import { deliverUserUpdateEmailInstructions } from '../email-change/deliver-user-update-email-instructions.ts'
import { updateUserEmail } from '../email-change/update-user-email.ts'
import { nextRequest, type TestCaller } from './test-caller.ts'
import { deliverMail, findMail, type TestMailbox, tokenOf } from './test-mail.ts'
import { createTestEmail } from './test-registration.ts'
import type { TestRuntime } from './test-runtime.ts'

export interface AskedChange {
  email: string
  /** Of the mail to the new address. */
  token: string
  code: string
  mailbox: TestMailbox
}

/** Asks for another address in a signed-in browser, and reads the mails. */
export async function askForEmailChange(
  test: TestRuntime,
  browser: TestCaller,
  { email = createTestEmail(), distrustOld = false } = {},
): Promise<AskedChange> {
  const asked = await deliverUserUpdateEmailInstructions(test.runtime, browser, { email, distrustOld })
  if (!asked.ok) throw new Error(`no change: ${asked.reason}`)
  const mailbox = await deliverMail(test)
  const { changeUrl, code } = findMail(mailbox, 'changeEmail').props
  return { email, token: tokenOf(changeUrl), code, mailbox }
}

/** Changes the address, asked for and proven in one browser. */
export async function changeTestEmail(
  test: TestRuntime,
  browser: TestCaller,
  options: { email?: string; distrustOld?: boolean } = {},
): Promise<AskedChange> {
  const asked = await askForEmailChange(test, browser, options)
  const changed = await updateUserEmail(test.runtime, browser, { token: asked.token })
  if (!changed.ok) throw new Error(`not changed: ${changed.reason}`)
  await nextRequest(test.runtime, browser)
  return { ...asked, mailbox: await deliverMail(test) }
}

/** The same app, where the old mailbox has to approve. */
export function withApproval(test: TestRuntime): TestRuntime {
  const { policy } = test.runtime
  const emailChange = { ...policy.emailChange, approveFromOld: true }
  return { ...test, runtime: { ...test.runtime, policy: { ...policy, emailChange } } }
}
