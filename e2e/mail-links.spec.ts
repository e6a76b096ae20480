import { waitForMail } from './support/mails.ts'
import { expect, test } from './support/test.ts'

test('a confirmation link opened twice still confirms once', async ({ page, person }) => {
  const mail = await person.register(page)
  await page.goto(mail.link)
  await page.goto(mail.link)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.waitForURL('**/users/log-in')

  await page.goto(mail.link)
  await expect(page.getByText('Confirmation link is invalid or it has expired.')).toBeVisible()
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
  await otherPage.waitForURL('**/users/log-in')
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
  await page.waitForURL('**/users/log-in')

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
  await page.waitForURL('**/users/log-in')
  await person.logIn(page)
  await expect(page).not.toHaveURL(/log-in/)
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
    await page.getByRole('button', { name: /send/i }).click()
    await page.waitForURL('**/users/log-in')
  }
  await ask()
  const first = await waitForMail(person.email, /reset|new password/i, 1)
  await ask()
  const second = await waitForMail(person.email, /reset|new password/i, 2)

  await page.goto(first.link)
  await expect(page.getByText('Reset password link is invalid or it has expired.')).toBeVisible()

  const otherPage = await otherBrowser.newPage()
  await otherPage.goto(second.link)
  await otherPage.getByLabel('New password', { exact: true }).fill('a newer quiet river')
  await otherPage.getByLabel(/repeat|confirm/i).fill('a newer quiet river')
  await otherPage.getByRole('button', { name: /password/i }).click()
  await otherPage.waitForURL('**/users/log-in')
})

test('a page that is out of date says so and offers to ask again', async ({ page }) => {
  await page.goto('/users/confirm/continue?f=gone')
  await expect(page.getByText(/out of date/i)).toBeVisible()
  await page.goto('/users/reset-password/continue?f=gone')
  await expect(page.getByText(/out of date/i)).toBeVisible()
})
