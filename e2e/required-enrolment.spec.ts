import type { Page } from '@playwright/test'
import { type AppCopy, copyApp } from './support/app-copy.ts'
import { setUp } from './support/authenticator.ts'
import { waitForMail } from './support/mails.ts'
import { type Playground, startPlayground, THROWN_AWAY } from './support/playground.ts'
import { expect, type Person, test } from './support/test.ts'

// One server for both, beside that of the other specs.
test.describe.configure({ mode: 'serial' })

const before = { ...process.env }
let app: AppCopy
let playground: Playground

test.beforeAll(async () => {
  app = await copyApp('playground', 'enrolment')
  await app.edit('app/sigra.server.ts', (text) => {
    const edited = text.replace('  policy: {\n', "  policy: {\n    secondFactor: 'all',\n")
    if (edited === text)
      throw new RangeError('app/sigra.server.ts has no policy where this spec looks for it')
    return edited
  })
  playground = await startPlayground({ root: app.root, database: THROWN_AWAY })
  process.env['E2E_ORIGIN'] = playground.origin
  process.env['E2E_MAIL_FILE'] = playground.mailFile
})

test.afterAll(async () => {
  process.env['E2E_ORIGIN'] = before['E2E_ORIGIN']
  process.env['E2E_MAIL_FILE'] = before['E2E_MAIL_FILE']
  await playground?.stop()
  await app?.remove()
})

const guarded = ['/dashboard', '/users/settings', '/users/settings/mfa', '/users/sessions', '/users/sudo']

test('where everybody needs a second factor, nobody walks past the page that sets one up', async ({
  page,
  person,
}) => {
  await registerAndConfirm(page, person)
  for (const path of guarded) {
    await page.goto(path)
    await expect(page, path).toHaveURL(/\/users\/mfa\/enroll/)
  }
  await page.goBack()
  await page.goto('/')
  await expect(page.getByText(person.email)).toHaveCount(0) // nobody is signed in yet

  await page.goto('/dashboard')
  expect((await setUp(page)).backupCodes).toHaveLength(10)
  await page.goto('/dashboard')
  await expect(page).toHaveURL(/\/dashboard$/)
  await expect(page.getByRole('main').getByText(person.email)).toBeVisible()
})

test('a mailed link ends at that page as well', async ({ page, person, otherBrowser }) => {
  await registerAndConfirm(page, person)
  const other = await otherBrowser.newPage()
  await other.goto('/users/log-in')
  await other.getByLabel('Email').fill(person.email)
  await other.getByRole('button', { name: 'Email me a magic link' }).click()
  await other.goto((await waitForMail(person.email, /log in/i)).link)
  await other.getByRole('button', { name: 'Log in' }).click()
  await expect(other).toHaveURL(/\/users\/mfa\/enroll/)
  await other.goto('/dashboard')
  await expect(other).toHaveURL(/\/users\/mfa\/enroll/)
})

/** Confirming signs in here, too, as far as the page. */
async function registerAndConfirm(page: Page, person: Person): Promise<void> {
  await page.goto((await person.register(page)).link)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page).toHaveURL(/\/users\/mfa\/enroll/)
}
