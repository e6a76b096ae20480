import { deliverUserUpdateEmailInstructions, updateUserEmail } from '@sigra/mikro-orm'
import { waitForMail } from './mailbox.ts'
import { TestSetupFailed } from './test-setup-failed.ts'
import type { Person, SignedInBrowser, TestedSigra } from './tested-app.ts'

/** Whose address changes, and where the app's emails arrive. */
export interface Mover {
  sigra: TestedSigra
  person: Person
  mailbox: string | null
}

/**
 * Gives somebody another address the way people get one: asked for in their browser, proven by the link of the email. There is
 * no link before the app's worker has sent it, so nothing here could go around the queue.
 *
 * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` without a mailbox, or when the library refuses.
 * @throws {MailMissing} `SIGRA_MAIL_MISSING` when the email does not come.
 */
export async function changeEmail(
  { sigra, person, mailbox }: Mover,
  browser: SignedInBrowser,
  email: string,
): Promise<Person> {
  if (mailbox === null)
    throw new TestSetupFailed(
      `${person.email} changes their address by an email: make them with { mailbox }, the directory where those of the app arrive.`,
    )
  const { runtime } = sigra.edge
  const asked = await deliverUserUpdateEmailInstructions(runtime, await browser.caller(), { email })
  if (!asked.ok) throw new TestSetupFailed(`Asking for ${email} said "${asked.reason}".`)
  const { link } = await waitForMail(mailbox, { to: email })
  const token = link === null ? null : new URL(link).pathname.split('/').at(-1)
  const changed = await updateUserEmail(runtime, await browser.caller(), { token })
  if (!changed.ok) throw new TestSetupFailed(`Changing to ${email} said "${changed.reason}".`)
  return { ...person, email }
}
