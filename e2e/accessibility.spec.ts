import type { Page } from '@playwright/test'
import { expectAccessible } from './support/accessible.ts'
import { query } from './support/database.ts'
import { questions } from './support/ask-first.ts'
import { showMailbox } from './support/mailbox.ts'
import { logOut } from './support/log-out.ts'
import { waitForMail } from './support/mails.ts'
import { addMember, createSlug, inviteToAnother } from './support/organizations.ts'
import { createPerson, expect, test, type Person } from './support/test.ts'

const openPages = [
  '/',
  '/users/register',
  '/users/log-in',
  '/users/log-in?redirectTo=%2Fdashboard',
  '/users/log-out',
  '/users/confirm',
  '/users/confirm/continue?f=gone',
  '/users/reset-password',
  '/users/reset-password/continue?f=gone',
  '/users/not-me/continue?f=gone',
  '/invitations/continue?f=gone',
  '/organizations/transfers/continue?f=gone',
  '/no-such-page',
]

const signedInPages = [
  '/dashboard',
  '/',
  '/users/log-in/add-passkey',
  '/users/settings',
  '/users/settings/security',
  '/users/settings/password',
  '/users/settings/mfa',
  '/users/settings/data',
  '/users/sessions',
  '/users/activity',
  '/users/activity?before=none',
  '/users/sudo',
  '/users/log-out',
]

type Check = (page: Page) => Promise<void>

test.beforeEach(() => test.slow()) // axe looks at every element of every page

test('axe finds nothing on any open page', async ({ page }) => {
  await visitOpenPages(page, expectAccessible)
})

test('axe finds nothing on the pages behind a mail', async ({ page, person, otherBrowser }) => {
  await visitMailedPages(person, page, await otherBrowser.newPage(), expectAccessible)
})

test('axe finds nothing on the pages behind a log-in', async ({ page, person }) => {
  await person.registerAndConfirm(page)
  await visitOwnPages(person, page, expectAccessible)
})

test('axe finds nothing on forms that are refused', async ({ page }) => {
  await visitRefusals(page, expectAccessible)
})

test('axe finds nothing in the development mailbox', async ({ page }) => {
  await showMailbox(page, expectAccessible)
})

test('no page is wider than a phone of 375 px', async ({ page, person, openBrowser }) => {
  const fits: Check = async (each) => {
    const width = await each.evaluate(() => document.documentElement.scrollWidth)
    expect(width, each.url()).toBeLessThanOrEqual(375)
    expect(await each.evaluate(listOverflowing), each.url()).toEqual([])
  }
  const newPage = async () => (await openBrowser()).newPage()
  const [otherPage, freshPage] = [await newPage(), await newPage()]
  for (const each of [page, otherPage, freshPage]) await each.setViewportSize({ width: 375, height: 740 })
  await visitOpenPages(page, fits)
  await visitMailedPages(person, page, otherPage, fits)
  await visitOwnPages(person, page, fits)
  await visitRefusals(freshPage, fits) // last: it uses up what this address may send
  await showMailbox(page, fits)
})

async function visitOpenPages(page: Page, check: Check): Promise<void> {
  for (const path of openPages) {
    await page.goto(path)
    await check(page)
  }
}

/** Every page that a mail leads to, with its notices and its mistakes. */
async function visitMailedPages(person: Person, page: Page, otherPage: Page, check: Check): Promise<void> {
  const mail = await person.register(page)
  await check(page)
  await page.getByLabel('Code').fill('000 000')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await check(page)
  await otherPage.goto(mail.link)
  await check(otherPage)
  for (const choice of ['Choose a new password instead', 'I didn’t register'])
    await otherPage.getByText(choice).click()
  await otherPage.getByLabel('New password', { exact: true }).fill('short')
  await otherPage.getByLabel('Repeat the new password').fill('not the same')
  await otherPage.getByRole('button', { name: 'Save and confirm' }).click()
  await expect(otherPage.getByRole('alert')).toBeVisible()
  await check(otherPage)
  await page.goto(mail.link)
  await check(page)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.waitForURL((url) => url.pathname === '/')
  await check(page) // with the notice
  await logOut(page)

  await page.goto('/users/reset-password')
  await page.getByLabel('Email').fill(person.email)
  await page.getByRole('button', { name: 'Email me a link' }).click()
  await page.waitForURL('**/users/log-in*')
  const reset = await waitForMail(person.email, /reset|new password/i)
  await page.goto(reset.link)
  await check(page)
  await page.getByLabel('New password', { exact: true }).fill('short')
  await page.getByLabel('Repeat the new password').fill('not the same')
  await page.getByRole('button', { name: 'Save password' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await check(page)
}

/** Every page that needs a session, with what it asks about first. */
async function visitOwnPages(person: Person, page: Page, check: Check): Promise<void> {
  await person.logIn(page)
  await page.waitForURL((url) => url.pathname === '/')
  for (const path of signedInPages) {
    await page.goto(path)
    for (const question of await questions(page, '').all()) await question.locator('summary').first().click()
    await check(page)
  }
  await visitDeletion(person, page, check)
  await visitOrganization(person, page, check)
  await page.goto('/users/settings/data') // whose only owner stays
  await check(page)
  await visitPendingAddress(person, page, check)
}

/** The pages of an organization, with a refused form, and with what can be done to another member. */
async function visitOrganization(person: Person, page: Page, check: Check): Promise<void> {
  await page.goto('/organizations')
  await check(page)
  await page
    .getByRole('textbox', { name: 'Name', exact: true })
    .fill('A very long name that has no end, Incorporated')
  await page.getByLabel('Web address name').fill('No Slug')
  await page.getByRole('button', { name: 'Create organization' }).click()
  await expect(page.getByText(/^Use 3 to 48/)).toBeVisible()
  await check(page)
  const slug = createSlug()
  await page.getByLabel('Web address name').fill(slug)
  await page.getByRole('button', { name: 'Create organization' }).click()
  await page.waitForURL(`**/organizations/${slug}`)
  await check(page)
  await addMember(slug, createPerson().email)
  await page.goto(`/organizations/${slug}/invitations`)
  const invited = `${'long-'.repeat(8)}${createPerson().email}`
  await page.getByLabel('Email addresses').fill(`${invited}\nno address`)
  await page.getByRole('button', { name: 'Send invitations' }).click()
  await expect(page.getByText('Your invitation is on its way.')).toBeVisible()
  await check(page)
  await page.goto(`/organizations/${slug}/domains`)
  await page.getByLabel('Domain', { exact: true }).fill(`${'long-'.repeat(8)}${slug}.example`)
  await page.getByRole('button', { name: 'Add domain' }).click()
  await expect(page.getByText('The domain is added.')).toBeVisible()
  for (const below of ['members', 'invitations', 'domains', 'policy', 'audit', 'settings']) {
    await page.goto(`/organizations/${slug}/${below}`)
    for (const summary of await page.locator('main summary').all()) await summary.click()
    await check(page)
  }
  await page.goto((await waitForMail(invited, /invited/i)).link)
  await check(page)
  await page.goto(`/organizations/${slug}/settings/transfer`)
  await page.getByLabel(`Type ${slug} to confirm`).fill('another')
  await page.getByRole('button', { name: 'Hand over' }).click()
  await expect(page.getByText(/^Type the web address name exactly/)).toBeVisible()
  await check(page)
  await page.getByLabel(`Type ${slug} to confirm`).fill(slug)
  await page.getByRole('button', { name: 'Hand over' }).click()
  await expect(page.getByText('You handed this organization over.')).toBeVisible()
  await check(page)
  await page.goto((await waitForMail(person.email, /handed over/i)).link)
  await check(page)
  await page.getByRole('button', { name: 'Undo the transfer' }).click()
  await expect(page.getByText('The transfer of A very long name')).toBeVisible()
  await check(page)
  await inviteToAnother('Another long name that has no end, Incorporated', person.email)
  await page.goto('/organizations')
  await expect(page.getByRole('region', { name: 'You’re invited' })).toBeVisible()
  await check(page)
  const lackOf = (methods: string | null) =>
    query('update organizations set allowed_methods = $2 where slug = $1', [slug, methods])
  await lackOf('{user}')
  await page.goto(`/organizations/${slug}/enter`)
  for (const summary of await page.locator('main summary').all()) await summary.click()
  await check(page)
  await lackOf(null)
  await page.goto(`/organizations/${slug}/audit?from=2099-01-01`)
  await check(page)
  await page.goto(`/organizations/${slug}/settings`)
  const remove = page.getByRole('region', { name: 'Delete this organization' })
  for (const typed of ['acme', slug]) {
    await remove.getByLabel(`Type ${slug} to confirm`).fill(typed)
    await remove.getByRole('button', { name: 'Delete organization' }).click()
    await expect(page.getByText(typed === slug ? 'will be deleted' : 'exactly as it’s shown')).toBeVisible()
    await check(page)
  }
  await page.getByRole('button', { name: /^Restore/ }).click()
  await page.waitForURL(`**/organizations/${slug}`)
}

/** A change that waits for a long address, a code that is refused, and the page behind the link. */
async function visitPendingAddress(person: Person, page: Page, check: Check): Promise<void> {
  const next = `${'long-'.repeat(8)}${person.email}`
  await page.goto('/users/settings/email')
  await page.getByLabel('New email').fill(next)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Code').fill('000000') // which sends it
  await expect(page.getByText('That code is wrong')).toBeVisible()
  await check(page)
  await page.goto((await waitForMail(next, /new email address/i)).link)
  await check(page)
}

/** The way out, with an address that is refused, and the way back. */
async function visitDeletion(person: Person, page: Page, check: Check): Promise<void> {
  await page.goto('/users/settings/data')
  await page.getByLabel('Your email address').fill('somebody.else@example.com')
  await page.getByRole('button', { name: 'Delete my account' }).click()
  await expect(page.getByText('That’s not the email address of your account.')).toBeVisible()
  await check(page)
  await page.getByLabel('Your email address').fill(person.email)
  await page.getByRole('button', { name: 'Delete my account' }).click()
  await page.waitForURL('**/users/log-in*')
  await check(page) // with the notice
  await person.logIn(page)
  await page.waitForURL('**/users/reactivation*')
  await check(page)
  await page.getByRole('button', { name: 'Keep my account' }).click()
  await page.waitForURL((url) => url.pathname === '/')
  await check(page) // with the notice
}

/** Panels that something sticks out of. */
function listOverflowing(): string[] {
  return [...document.querySelectorAll('.panel')]
    .filter((panel) => panel.scrollWidth > panel.clientWidth)
    .map((panel) => `${panel.textContent}: ${panel.scrollWidth} in ${panel.clientWidth}`)
}

/** Field errors, the uniform refusal, and a limit that is reached. */
async function visitRefusals(page: Page, check: Check): Promise<void> {
  const buttons = {
    '/users/register': 'Create account',
    '/users/reset-password': 'Email me a link',
    '/users/confirm': 'Send a new code',
  }
  for (const [path, name] of Object.entries(buttons)) {
    await page.goto(path)
    await page.evaluate(() => document.querySelectorAll('form').forEach((form) => (form.noValidate = true)))
    await page.getByRole('button', { name, exact: true }).click()
    await expect(page.getByRole('alert')).toBeVisible()
    await check(page)
  }
  await page.goto('/users/log-in')
  await page.getByLabel('Email').fill('nobody@example.com')
  await page.getByLabel('Password', { exact: true }).fill('certainly not this one')
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByRole('alert')).toContainText('The email address or password is wrong')
  await check(page)

  await expect(async () => {
    await page.goto('/users/reset-password')
    await useUp(page, '/users/reset-password')
    await page.getByLabel('Email').fill('nobody@example.com')
    await page.getByRole('button', { name: 'Email me a link' }).click()
    await expect(page.getByRole('alert')).toContainText('Too many attempts', { timeout: 4000 })
  }).toPass() // one more may go through every six seconds
  await check(page)
}

/** Asks until this network may send no more. */
async function useUp(page: Page, path: string): Promise<void> {
  const asked = { form: { email: 'nobody@example.com' }, headers: { Origin: new URL(page.url()).origin } }
  let status = 0
  while (status !== 429) status = (await page.request.post(path, asked)).status()
}
