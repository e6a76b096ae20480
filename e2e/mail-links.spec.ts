import type { Page } from '@playwright/test'
import { logOut } from './support/log-out.ts'
import { waitForMail, type Mail } from './support/mails.ts'
import { expect, test, type Person } from './support/test.ts'

test('a confirmation link opened twice still confirms once', async ({ page, person }) => {
  const mail = await person.register(page)
  await page.goto(mail.link)
  await page.goto(mail.link)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.waitForURL((url) => url.pathname === '/')

  await page.goto(mail.link)
  await expect(page.getByRole('heading', { name: 'Already confirmed' })).toBeVisible()
})

test('PRE-09 a confirmation link in another browser asks for the password chosen at registration', async ({
  page,
  person,
  otherBrowser,
}) => {
  const mail = await person.register(page)
  const otherPage = await otherBrowser.newPage()
  await otherPage.goto(mail.link)
  await otherPage.getByLabel('Password', { exact: true }).fill('not the password of this')
  await otherPage.getByRole('button', { name: /^confirm/i }).click()
  await expect(otherPage.getByRole('alert').first()).toBeVisible()

  await otherPage.getByLabel('Password', { exact: true }).fill(person.password)
  await otherPage.getByRole('button', { name: /^confirm/i }).click()
  await otherPage.waitForURL('**/users/log-in*')
  await person.logIn(otherPage)
  await expect(otherPage).not.toHaveURL(/log-in/)
})

test('TOK-09 a token leaves the address bar, the history and the referrer at once', async ({
  page,
  person,
}) => {
  const mail = await person.register(page)
  const token = new URL(mail.link).pathname.split('/').at(-1) ?? ''
  const requested: string[] = []
  const referrers: (string | undefined)[] = []
  page.on('request', (request) => {
    requested.push(request.url())
    referrers.push(request.headers()['referer'])
  })
  await page.goto(mail.link)
  expect(page.url()).not.toContain(token)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.waitForURL((url) => url.pathname === '/')

  expect(referrers.filter((referrer) => referrer?.includes(token))).toEqual([])
  expect(requested.filter((url) => !url.startsWith(new URL(mail.link).origin))).toEqual([])
  await page.goBack()
  expect(page.url()).not.toContain(token)
})

test('TOK-15 a scanner that opens links, runs scripts and never clicks consumes nothing', async ({
  page,
  person,
  browser,
  request,
}) => {
  const mail = await person.register(page)
  await request.get(mail.link)
  await request.head(mail.link)
  const scanner = await browser.newContext()
  const scannerPage = await scanner.newPage()
  await scannerPage.goto(mail.link)
  await scannerPage.waitForLoadState('networkidle')
  await scannerPage.goto(mail.link)
  await scanner.close()

  await page.goto(mail.link)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.waitForURL((url) => url.pathname === '/')
  await expect(page.getByText(person.email).first()).toBeVisible()
})

test('TOK-05 only the newest of two reset links works, also in another browser', async ({
  page,
  person,
  otherBrowser,
}) => {
  await person.registerAndConfirm(page)
  const ask = async () => {
    await page.goto('/users/reset-password')
    await page.getByLabel('Email').fill(person.email)
    await page.getByRole('button', { name: /send|email me/i }).click()
    await page.waitForURL('**/users/log-in*')
  }
  await ask()
  const first = await waitForMail(person.email, /reset|new password/i, 1)
  await ask()
  const second = await waitForMail(person.email, /reset|new password/i, 2)

  await page.goto(first.link)
  await expect(page.getByText('This password link is invalid or has expired.')).toBeVisible()

  const otherPage = await otherBrowser.newPage()
  await otherPage.goto(second.link)
  await otherPage.getByLabel('New password', { exact: true }).fill('a newer quiet river')
  await otherPage.getByLabel(/repeat|confirm/i).fill('a newer quiet river')
  await otherPage.getByRole('button', { name: 'Save password' }).click()
  await otherPage.waitForURL('**/users/log-in*')
})

test('TOK-01 a reset link opened twice sets one password, and is used up for every browser', async ({
  page,
  person,
  otherBrowser,
}) => {
  await person.registerAndConfirm(page)
  const mail = await askForReset(page, person)
  await page.goto(mail.link)
  await page.goto(mail.link)
  await chooseNewPassword(page, 'a newer quiet river')
  await page.waitForURL('**/users/log-in*')

  const otherPage = await otherBrowser.newPage()
  for (const each of [page, otherPage]) {
    await each.goto(mail.link)
    await expect(each.getByText('This password link is invalid or has expired.')).toBeVisible()
  }
  await person.logIn(page, { password: 'a newer quiet river' })
  await expect(page).not.toHaveURL(/log-in/)
})

test('ENUM-05 registering again mails a way in, which works as often as it is opened and anywhere', async ({
  page,
  person,
  otherBrowser,
}) => {
  await person.registerAndConfirm(page)
  const otherPage = await otherBrowser.newPage()
  await fillRegistration(otherPage, { ...person, password: 'a stranger’s own words' })
  const mail = await waitForMail(person.email, /already have an account/i)
  const links = [...new Set(mail.text.match(/https?:\/\/\S+/g))]
  expect(links.map((link) => new URL(link).pathname)).toEqual(['/users/log-in', '/users/reset-password'])

  for (const each of [page, otherPage, page]) {
    await each.goto(links[1] ?? '')
    await expect(each.getByRole('button', { name: /send|email me/i })).toBeVisible()
    await each.goto(links[0] ?? '')
    await expect(each.getByRole('button', { name: 'Log in' })).toBeVisible()
  }
  await person.logIn(otherPage)
  await expect(otherPage).not.toHaveURL(/log-in/)
})

test('PRE-09 in another browser a new password may be chosen instead; the one from registration is gone', async ({
  page,
  person,
  otherBrowser,
}) => {
  const mail = await person.register(page)
  const otherPage = await otherBrowser.newPage()
  await otherPage.goto(mail.link)
  await otherPage.getByText('Choose a new password instead').click()
  const form = otherPage.getByRole('group').filter({ hasText: 'Choose a new password instead' })
  await form.getByLabel('New password', { exact: true }).fill('a newer quiet river')
  await form.getByLabel('Repeat the new password').fill('something else')
  await form.getByRole('button', { name: 'Save and confirm' }).click()
  await expect(form.getByText('The passwords don’t match.')).toBeVisible()
  await expect(otherPage.getByText('The passwords don’t match.')).toHaveCount(1)

  await form.getByLabel('New password', { exact: true }).fill('a newer quiet river')
  await form.getByLabel('Repeat the new password').fill('a newer quiet river')
  await form.getByRole('button', { name: 'Save and confirm' }).click()
  await otherPage.waitForURL('**/users/log-in*')
  await page.goto(mail.link)
  await expect(page.getByText('This confirmation link is invalid or has expired.')).toBeVisible()
  await person.logIn(otherPage)
  await expect(otherPage.getByText(/The email address or password is wrong/)).toBeVisible()
  await person.logIn(otherPage, { password: 'a newer quiet river' })
  await expect(otherPage).not.toHaveURL(/log-in/)
})

test('PRE-09 “I didn’t register” removes the registration, its link and its password', async ({
  page,
  person,
  otherBrowser,
}) => {
  const mail = await person.register(page)
  const otherPage = await otherBrowser.newPage()
  await otherPage.goto(mail.link)
  await otherPage.getByText('I didn’t register').click()
  await otherPage.getByRole('button', { name: 'Remove the registration' }).click()
  await otherPage.waitForURL('**/users/log-in*')
  await expect(otherPage.getByText('The registration was removed.')).toBeVisible()

  for (const each of [page, otherPage]) {
    await each.goto(mail.link)
    await expect(each.getByText('This confirmation link is invalid or has expired.')).toBeVisible()
  }
  await person.logIn(page)
  await expect(page.getByText(/The email address or password is wrong/)).toBeVisible()

  await fillRegistration(otherPage, { ...person, password: 'the owner’s own words' })
  const own = await waitForMail(person.email, /confirm/i, 2)
  await otherPage.goto(own.link)
  await otherPage.getByRole('button', { name: 'Confirm' }).click()
  await otherPage.waitForURL((url) => url.pathname === '/')
  await logOut(otherPage)
  await person.logIn(otherPage, { password: 'the owner’s own words' })
  await expect(otherPage).not.toHaveURL(/log-in/)
})

test('a page that is out of date says so and offers to ask again', async ({ page }) => {
  await page.goto('/users/confirm/continue?f=gone')
  await expect(page.getByText(/already been opened/)).toBeVisible()
  await page.goto('/users/reset-password/continue?f=gone')
  await expect(page.getByText(/already been opened/)).toBeVisible()
})

async function askForReset(page: Page, { email }: Person): Promise<Mail> {
  await page.goto('/users/reset-password')
  await page.getByLabel('Email').fill(email)
  await page.getByRole('button', { name: /send|email me/i }).click()
  await page.waitForURL('**/users/log-in*')
  return waitForMail(email, /reset|new password/i)
}

async function chooseNewPassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('New password', { exact: true }).fill(password)
  await page.getByLabel('Repeat the new password').fill(password)
  await page.getByRole('button', { name: 'Save password' }).click()
}

async function fillRegistration(
  page: Page,
  { email, password }: Pick<Person, 'email' | 'password'>,
): Promise<void> {
  await page.goto('/users/register')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.waitForURL('**/users/confirm?*')
}
