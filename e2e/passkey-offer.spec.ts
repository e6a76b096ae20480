import type { Page } from '@playwright/test'
import { addVirtualAuthenticator } from '@sigra/dev/testing'
import { query } from './support/database.ts'
import { forgetSudo, hideList } from './support/passkeys.ts'
import { logOut } from './support/log-out.ts'
import { waitForMail } from './support/mails.ts'
import { expect, test, type Person } from './support/test.ts'

const offer = /\/users\/log-in\/add-passkey\?redirectTo=%2Fdashboard$/
const heading = 'Log in faster next time'

/** On a device with a screen lock, on the way to a page that asks for a log-in. */
async function logInTo(page: Page, person: Person): Promise<void> {
  await page.goto('/dashboard')
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await expect(page.locator('input[name="device"]')).toHaveValue('passkey')
  await page.getByRole('button', { name: 'Log in' }).click()
}

test.beforeEach(async ({ page }) => hideList(page))

test('after a password a passkey is offered, added, and used the next time', async ({ page, person }) => {
  const authenticator = await addVirtualAuthenticator(page)
  await person.registerAndConfirm(page) // confirming signs in, too: nothing is offered then
  await logInTo(page, person)
  await expect(page).toHaveURL(offer)
  await expect(page.getByRole('heading', { name: heading })).toBeVisible()
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page).toHaveURL(/\/dashboard$/)
  await expect(page.getByText('was added. You can log in with it now.')).toBeVisible()
  expect(await authenticator.countPasskeys()).toBe(1)
  await waitForMail(person.email, /passkey was added/i)

  await page.goBack() // there is nothing to offer any more
  await expect(page).toHaveURL(/\/dashboard$/)
  await logOut(page)
  await page.goto('/dashboard')
  await page.getByRole('button', { name: 'Continue with passkey' }).click()
  await expect(page).toHaveURL(/\/dashboard$/)
})

test('“Not now” leads on, and is the last word in this browser', async ({ page, person, otherBrowser }) => {
  await addVirtualAuthenticator(page)
  await person.registerAndConfirm(page)
  await logInTo(page, person)
  await expect(page).toHaveURL(offer)
  await page.getByRole('link', { name: 'Not now' }).click()
  await expect(page).toHaveURL(/\/dashboard$/)
  await logOut(page)
  await logInTo(page, person)
  await expect(page).toHaveURL(/\/dashboard$/)

  const elsewhere = await otherBrowser.newPage()
  await addVirtualAuthenticator(elsewhere)
  await logInTo(elsewhere, person)
  await expect(elsewhere).toHaveURL(offer)
})

test('a ceremony that is cancelled leaves the offer and the way on', async ({ page, person }) => {
  const authenticator = await addVirtualAuthenticator(page)
  await person.registerAndConfirm(page)
  await logInTo(page, person)
  await expect(page).toHaveURL(offer)
  await authenticator.setUserVerified(false)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByRole('alert')).toBeFocused()
  await page.getByRole('link', { name: 'Not now' }).click()
  await expect(page).toHaveURL(/\/dashboard$/)
})

test('who waits too long confirms that it’s them, and gets where they were going', async ({
  page,
  person,
}) => {
  await addVirtualAuthenticator(page)
  await person.registerAndConfirm(page)
  await logInTo(page, person)
  await expect(page).toHaveURL(offer)
  await forgetSudo(person)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByRole('heading', { name: 'Confirm it’s you' })).toBeVisible()
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page).toHaveURL(/\/dashboard$/)
})

test('a second tab leads on by itself once the passkey is there', async ({ page, person, context }) => {
  await addVirtualAuthenticator(page)
  await person.registerAndConfirm(page)
  await logInTo(page, person)
  await expect(page).toHaveURL(offer)
  const tab = await context.newPage()
  await tab.goto(page.url())
  await expect(tab.getByRole('heading', { name: heading })).toBeVisible()
  await page.bringToFront() // browsers ask for a passkey in the tab that somebody looks at
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page).toHaveURL(/\/dashboard$/)
  await tab.reload()
  await expect(tab).toHaveURL(/\/dashboard$/)
})

test('a device without a screen lock is offered nothing', async ({ page, person }) => {
  await person.registerAndConfirm(page)
  await person.logIn(page)
  await page.waitForURL((url) => url.pathname === '/')
  const rows = await query(
    `select from user_known_browsers k join users u on u.id = k.user_id
     where u.email = $1 and k.passkey_offered_at is not null`,
    [person.email],
  )
  expect(rows).toEqual([])
})

test('RD-01: the page leads nowhere else, whatever stands in its address', async ({ page, person }) => {
  await page.goto('/users/log-in/add-passkey?redirectTo=%2Fdashboard')
  await expect(page).toHaveURL(/\/users\/log-in$/) // it is for who is signed in
  await person.registerAndConfirm(page)
  await person.logIn(page)
  await page.waitForURL((url) => url.pathname === '/')
  for (const target of [
    '//evil.test',
    'https://evil.test/',
    '/\\evil.test',
    'javascript:alert(1)',
    '/users/log-out',
  ]) {
    await page.goto(`/users/log-in/add-passkey?${new URLSearchParams({ redirectTo: target })}`)
    await expect(page.getByRole('link', { name: 'Not now' })).toHaveAttribute('href', '/')
  }
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('nothing is offered, and the page has a way on', async ({ page, person }) => {
    await person.registerAndConfirm(page)
    await page.goto('/dashboard')
    await page.getByLabel('Email').fill(person.email)
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await page.getByRole('button', { name: 'Log in' }).click()
    await expect(page).toHaveURL(/\/dashboard$/)
    await page.goto('/users/log-in/add-passkey?redirectTo=%2Fdashboard')
    await expect(page.getByText('Adding a passkey needs JavaScript.')).toBeVisible()
    await page.getByRole('link', { name: 'Not now' }).click()
    await expect(page).toHaveURL(/\/dashboard$/)
  })
})
