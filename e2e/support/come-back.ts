import type { Page } from '@playwright/test'
import { waitForMail } from './mails.ts'
import type { Person } from './test.ts'

const PASSWORD = 'a newer quiet river'

/** Chooses a new password by the link that “This wasn’t me” has sent, and logs in with it. */
export async function comeBack(page: Page, person: Person): Promise<void> {
  const { link } = await waitForMail(person.email, /^choose a new password/i)
  await page.goto(link)
  await page.getByLabel('New password', { exact: true }).fill(PASSWORD)
  await page.getByLabel(/repeat/i).fill(PASSWORD)
  await page.getByRole('button', { name: 'Save password' }).click()
  await page.waitForURL('**/users/log-in*')
  await person.logIn(page, { password: PASSWORD })
  await page.waitForURL('/')
}
