import type { Page } from '@playwright/test'
import { type AppCopy, copyApp } from './support/app-copy.ts'
import { query } from './support/database.ts'
import { allMailsTo, waitForMail } from './support/mails.ts'
import { type Playground, startPlayground } from './support/playground.ts'
import { createPerson, expect, type Person, test } from './support/test.ts'

// One server, whose policy changes from one test to the next.
test.describe.configure({ mode: 'serial' })

const before = { ...process.env }
const [resident, latecomer] = [createPerson(), createPerson()]
let app: AppCopy
let playground: Playground

test.beforeAll(async () => {
  app = await copyApp('playground', 'registration')
  await app.edit('app/sigra.server.ts', (text) => {
    const policy = "  policy: {\n    registration: JSON.parse(process.env.TEST_REGISTRATION ?? '{}'),\n"
    const edited = text.replace('  policy: {\n', policy)
    if (edited === text)
      throw new RangeError('app/sigra.server.ts has no policy where this spec looks for it')
    return edited
  })
  playground = await startPlayground({ root: app.root })
  process.env['E2E_ORIGIN'] = playground.origin
  process.env['E2E_DATABASE_URL'] = playground.databaseUrl
  process.env['E2E_MAIL_FILE'] = playground.mailFile
})

test.afterAll(async () => {
  for (const name of ['E2E_ORIGIN', 'E2E_DATABASE_URL', 'E2E_MAIL_FILE']) process.env[name] = before[name]
  await playground?.stop()
  await app?.remove()
})

const now = (registration: object) => playground.restart({ TEST_REGISTRATION: JSON.stringify(registration) })

const usersWith = (email: string) => query('select from users where email_canonical = $1', [email])

async function register(page: Page, { email, password }: Pick<Person, 'email' | 'password'>): Promise<void> {
  await page.goto('/users/register')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
}

test('an open app offers to register wherever somebody arrives', async ({ page, otherBrowser }) => {
  await resident.registerAndConfirm(page)
  const elsewhere = await otherBrowser.newPage()
  await latecomer.register(elsewhere)
  await expect(elsewhere.getByRole('link', { name: 'Start over' })).toBeVisible()
  for (const path of ['/', '/users/log-in']) {
    await page.goto(path)
    await expect(page.getByRole('link', { name: 'Register' }).first()).toBeVisible()
  }
})

test('a closed app says so, offers it nowhere and takes no form', async ({ page, person }) => {
  await page.goto('/users/register') // the form was open when the app was closed
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await now({ mode: 'closed' })
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByRole('heading', { name: 'Registration is closed' })).toBeVisible()
  await expect(page.getByRole('main').locator('input, button')).toHaveCount(0)
  expect(await usersWith(person.email)).toEqual([])
  expect(await allMailsTo(person.email)).toEqual([])

  for (const path of ['/', '/users/log-in', '/users/confirm', '/users/reset-password', '/no-such-page']) {
    await page.goto(path)
    await expect(page.locator('a[href^="/users/register"]'), path).toHaveCount(0)
  }
  await page.goto('/users/register')
  await expect(page.getByText('New accounts can’t be created here at the moment.')).toBeVisible()
  await expect(page.getByRole('main').locator('input, button')).toHaveCount(0)
})

test('whoever was in before it closed confirms, logs in and resets as ever', async ({
  page,
  otherBrowser,
}) => {
  const { link } = await waitForMail(latecomer.email, /confirm/i)
  await page.goto(link)
  await page.getByLabel('Password', { exact: true }).fill(latecomer.password)
  await page.getByRole('button', { name: /^confirm/i }).click()
  await page.waitForURL('**/users/log-in*')
  await latecomer.logIn(page)
  await expect(page.getByRole('button', { name: 'Log out' })).toBeVisible()

  const other = await otherBrowser.newPage()
  await other.goto('/users/log-in')
  await other.getByLabel('Email').fill(resident.email)
  await other.getByRole('button', { name: 'Email me a magic link' }).click()
  const { link: magic } = await waitForMail(resident.email, /log in/i)
  await other.goto(magic)
  await other.getByRole('button', { name: 'Log in' }).click()
  await expect(other.getByRole('button', { name: 'Log out' })).toBeVisible()
})

test('an app for the invited says so, and answers who is not like everybody', async ({ page, person }) => {
  await now({ mode: 'invited' })
  await page.goto('/users/log-in')
  await page.getByRole('link', { name: 'Register' }).click()
  await expect(page.getByText('You need an invitation.')).toBeVisible()
  await register(page, person)
  await expect(page).toHaveURL(/\/users\/confirm\?/)
  expect(await usersWith(person.email)).toEqual([])
  expect(await allMailsTo(person.email)).toEqual([])
})

test('an app for some domains names them, at registering and at a change of address', async ({
  page,
  person,
  otherBrowser,
}) => {
  await now({ domains: ['acme.test', 'example.com'] })
  await page.goto('/users/register')
  await expect(page.getByText('An address at acme.test or example.com.')).toBeVisible()
  const stranger = { ...person, email: person.email.replace('example.com', 'mail.acme.test') }
  await register(page, stranger)
  await expect(page.getByText('Use an email address at acme.test or example.com.')).toBeVisible()
  expect(await usersWith(stranger.email)).toEqual([])
  await register(page, person)
  await expect(page).toHaveURL(/\/users\/confirm\?/)
  expect(await usersWith(person.email)).toHaveLength(1)

  const other = await otherBrowser.newPage()
  await resident.logIn(other)
  await expect(other.getByRole('button', { name: 'Log out' })).toBeVisible()
  await other.goto('/users/settings/email')
  await expect(other.getByText('An address at acme.test or example.com.')).toBeVisible()
  await other.getByLabel('New email').fill(stranger.email)
  await other.getByRole('button', { name: 'Continue' }).click()
  await expect(other.getByText('Use an email address at acme.test or example.com.')).toBeVisible()
  expect(await allMailsTo(stranger.email)).toEqual([])
})
