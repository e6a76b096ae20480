import { spaced } from './support/authenticator.ts'
import { waitForMail } from './support/mails.ts'
import { query } from './support/database.ts'
import { expect, test } from './support/test.ts'
import type { Page } from '@playwright/test'

const SUBJECT = /log in/i

async function askForLink(page: Page, email: string, path = '/users/log-in'): Promise<void> {
  await page.goto(path)
  await page.getByLabel('Email').fill(email)
  await page.getByRole('button', { name: 'Email me a magic link' }).click()
  await expect(page.getByText('we’ve emailed a magic link')).toBeVisible()
  await expect(page.getByLabel('Email')).toHaveValue(email) // nobody types it twice
}

test('a mailed link logs its owner in, in another browser too, and only once', async ({
  page,
  person,
  otherBrowser,
}) => {
  await person.registerAndConfirm(page)
  await askForLink(page, person.email, '/users/log-in?redirectTo=%2Fdashboard')
  const mail = await waitForMail(person.email, SUBJECT)

  const other = await otherBrowser.newPage()
  await other.goto(mail.link)
  await expect(other).toHaveURL(/\/users\/log-in\/continue\?f=/) // the token has left the address bar
  await other.reload() // looking again uses nothing up
  await other.getByRole('button', { name: 'Log in' }).click()
  await expect(other).toHaveURL('/dashboard')

  await page.goto(mail.link)
  await expect(page.getByText('This magic link is invalid or has expired.')).toBeVisible()
  await other.goto('/users/settings/password')
  await expect(other).toHaveURL(/\/users\/sudo/) // a mail is not enough to change how somebody signs in
})

test('the code of the same mail works in the browser that asked', async ({ page, person, otherBrowser }) => {
  await person.registerAndConfirm(page)
  await askForLink(page, person.email)
  await expect(page.getByLabel('Code')).toBeFocused()
  const { code } = await waitForMail(person.email, SUBJECT)
  const enter = async (where: Page) => {
    await where.goto('/users/log-in/continue')
    await where.getByLabel('Email').fill(person.email)
    await where.getByLabel('Code').fill(spaced(code ?? ''))
    await where.getByRole('button', { name: 'Log in' }).click()
  }
  const other = await otherBrowser.newPage()
  await enter(other)
  await expect(other.getByRole('alert')).toHaveText('That code is wrong or has expired.')
  await enter(page)
  await expect(page).toHaveURL('/')
})

test('ENUM-06 asking looks the same for an address nobody has', async ({ page }) => {
  await askForLink(page, 'nobody-at-all@example.com')
  await expect(page).toHaveURL(/\/users\/log-in\/continue\?f=/)
})

test('PRE-06 the owner of an address takes it back from who registered it', async ({
  page,
  person,
  otherBrowser,
}) => {
  await person.register(page) // a stranger, with the owner's address
  const owner = await otherBrowser.newPage()
  await askForLink(owner, person.email)
  await owner.goto((await waitForMail(person.email, SUBJECT)).link)
  await owner.getByRole('button', { name: 'Log in' }).click()
  await expect(owner.getByText('we removed that password')).toBeVisible()
  await person.logIn(page)
  await expect(page.getByRole('alert')).toContainText('The email address or password is wrong.')

  await owner.goto('/users/settings/password')
  await owner.getByRole('button', { name: 'Email me a code' }).click()
  await expect(owner.getByText('We’ve emailed you a six-digit code.')).toBeVisible()
  await expect(owner.getByLabel('Code')).toBeFocused()
  const { code } = await waitForMail(person.email, /code/i)
  await owner.getByLabel('Code').fill(spaced(code ?? ''))
  await owner.getByRole('button', { name: 'Continue' }).click()
  await expect(owner.getByRole('heading', { name: 'Set a password' })).toBeVisible()
})

test('a link for another account asks before it switches', async ({ page, person, otherBrowser, origin }) => {
  await person.registerAndConfirm(page)
  await askForLink(page, person.email)
  const mail = await waitForMail(person.email, SUBJECT)
  const other = await otherBrowser.newPage()
  await other.goto('/users/register')
  const stranger = `other-${person.email}`
  await other.getByLabel('Email').fill(stranger)
  await other.getByLabel('Password', { exact: true }).fill(person.password)
  await other.getByRole('button', { name: 'Create account' }).click()
  await other.waitForURL('**/users/confirm?*')
  await other.goto((await waitForMail(stranger, /confirm/i)).link)
  await other.getByRole('button', { name: 'Confirm' }).click()
  await expect(other).toHaveURL(`${origin}/`)

  await other.goto(mail.link)
  await expect(other.getByText('continuing switches accounts')).toBeVisible()
  await other.getByRole('button', { name: 'Switch accounts' }).click()
  await expect(other).toHaveURL(`${origin}/`)
  const sessions = await query(
    'select u.email from user_sessions s join users u on u.id = s.user_id where u.email = any($1)',
    [[person.email, stranger]],
  )
  expect(sessions).toEqual([{ email: person.email }])
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a mailed link works all the same', async ({ page, person }) => {
    await person.registerAndConfirm(page)
    await askForLink(page, person.email)
    await page.goto((await waitForMail(person.email, SUBJECT)).link)
    await page.getByRole('button', { name: 'Log in' }).click()
    await expect(page).toHaveURL('/')
  })
})
