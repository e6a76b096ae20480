import type { Page } from '@playwright/test'
import { expectAccessible } from './support/accessible.ts'
import { comeBack } from './support/come-back.ts'
import { query } from './support/database.ts'
import { waitForMail } from './support/mails.ts'
import { snapshot } from './support/snapshot.ts'
import { createPerson, expect, type Person, test } from './support/test.ts'

const NEW_BROWSER = /new log-in/i
const CONFIRMED = /is confirmed/i

/** A stranger who knows the password signs in elsewhere; the owner has the mail about it. */
async function letStrangerIn(page: Page, strangerPage: Page, person: Person): Promise<string> {
  await person.registerAndConfirm(page)
  await person.logIn(page)
  await page.waitForURL('/')
  await person.logIn(strangerPage)
  await strangerPage.waitForURL('/')
  const { link, text } = await waitForMail(person.email, NEW_BROWSER)
  expect(text).toMatch(/Browser: Chrome on \w+/)
  return link
}

const button = (page: Page) =>
  page.getByRole('button', { name: 'Log out everywhere and remove the password' })

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('SESS-10 an owner throws a stranger out by the link in the mail about a new browser', async ({
      page,
      person,
      otherBrowser,
    }) => {
      const strangerPage = await otherBrowser.newPage()
      const link = await letStrangerIn(page, strangerPage, person)
      await page.goto(link)
      expect(page.url()).toContain('/users/not-me/continue?f=') // TOK-09: the token is nowhere to be seen
      await expect(page.getByText('someone logged in from a new browser')).toBeVisible()
      await expect(page.getByText(/•••@example\.com/)).toBeVisible()
      await button(page).click()
      await page.waitForURL('**/users/log-in*')
      await expect(page.getByText('Your account is secured.')).toBeVisible()

      await strangerPage.goto('/dashboard')
      await expect(strangerPage).toHaveURL(/log-in/)
      await person.logIn(strangerPage)
      await expect(strangerPage.getByText(/The email address or password is wrong/)).toBeVisible()
      const done = await waitForMail(person.email, /^we secured your account/i)
      expect(done.text).toContain('We removed the password')
      await comeBack(page, person)
    })
  })
}

test('the very first browser, and one used before, are no news', async ({ page, person }) => {
  await person.registerAndConfirm(page)
  for (let n = 0; n < 2; n += 1) {
    await person.logIn(page)
    await page.waitForURL('/')
    await page.context().clearCookies({ name: /sid/ })
  }
  await waitForMail(person.email, CONFIRMED)
  const events = await query(
    `select 1 from audit_events e join users u on u.id::text = e.subject_id
     where u.email = $1 and e.action = 'security.new_browser'`,
    [person.email],
  )
  expect(events).toEqual([])
})

test('TOK-15 a scanner that opens the link, runs scripts and never clicks takes nothing away', async ({
  page,
  person,
  browser,
  request,
}) => {
  await person.registerAndConfirm(page)
  const { link } = await waitForMail(person.email, CONFIRMED)
  const before = await snapshot(person.email)
  await request.get(link)
  await request.head(link)
  const scanner = await browser.newContext()
  const scannerPage = await scanner.newPage()
  await scannerPage.goto(link)
  await scannerPage.waitForLoadState('networkidle')
  await scanner.close()
  expect(await snapshot(person.email)).toBe(before)
  await page.goto(link)
  await expect(button(page)).toBeVisible()
})

test('TOK-01 the link works once, and says so in the one message', async ({ page, person, otherBrowser }) => {
  await person.registerAndConfirm(page)
  const { link } = await waitForMail(person.email, CONFIRMED)
  await page.goto(link)
  const otherPage = await otherBrowser.newPage()
  await otherPage.goto(link)
  await button(page).click()
  await page.waitForURL('**/users/log-in*')
  await button(otherPage).click()
  const message = 'This link is invalid or has expired.'
  await expect(otherPage.getByText(message)).toBeVisible()
  for (const path of [link, '/users/not-me/nonsense', link.replace('/not-me/', '/not-me/x')]) {
    await page.goto(path)
    await expect(page.getByText(message)).toBeVisible()
  }
  await page.goto('/users/not-me/continue?f=gone')
  await expect(page.getByText(/already been opened/)).toBeVisible()
})

test('somebody else who is signed in here stays so', async ({ page, person, otherBrowser }) => {
  const other = createPerson()
  await other.registerAndConfirm(page)
  await other.logIn(page)
  await page.waitForURL('/')
  const ownerPage = await otherBrowser.newPage()
  await person.registerAndConfirm(ownerPage)
  const { link } = await waitForMail(person.email, CONFIRMED)
  await page.goto(link)
  await expect(page.getByText('your email address was confirmed')).toBeVisible()
  await button(page).click()
  await page.waitForURL('/')
  await expect(page.getByText('Your account is secured.')).toBeVisible()
  await page.goto('/dashboard')
  await expect(page.getByText(other.email).first()).toBeVisible()
})

test('axe finds nothing on the page, which fits a phone of 375 px', async ({ page, person }) => {
  await page.setViewportSize({ width: 375, height: 740 })
  await person.registerAndConfirm(page)
  await page.goto((await waitForMail(person.email, CONFIRMED)).link)
  await expect(button(page)).toBeVisible()
  await expectAccessible(page)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
})
