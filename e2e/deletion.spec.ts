import type { Page } from '@playwright/test'
import { expectAccessible } from './support/accessible.ts'
import { comeBack } from './support/come-back.ts'
import { query } from './support/database.ts'
import { waitForMail } from './support/mails.ts'
import { expect, type Person, test } from './support/test.ts'

const SCHEDULED = /will be deleted/i

const isScheduled = async ({ email }: Person) =>
  (await query('select from users where email = $1 and delete_after is not null', [email])).length > 0

async function askForDeletion(page: Page, person: Person): Promise<void> {
  await page.goto('/users/settings')
  await page.getByRole('link', { name: 'delete your account' }).click()
  await page.waitForURL('**/users/settings/data')
  await page.getByLabel('Your email address').fill(person.email)
  await page.getByRole('button', { name: 'Delete my account' }).click()
  await page.waitForURL('**/users/log-in*')
}

async function fits(page: Page): Promise<void> {
  await expectAccessible(page)
  await page.setViewportSize({ width: 375, height: 740 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('somebody asks for the deletion of their account, and keeps it when they log in again', async ({
      page,
      person,
      otherBrowser,
    }) => {
      await person.registerAndConfirm(page)
      const elsewhere = await otherBrowser.newPage()
      await person.logIn(elsewhere)
      await elsewhere.waitForURL('/')
      await person.logIn(page)
      await page.waitForURL('/')
      await page.goto('/users/settings/data')
      await page.getByLabel('Your email address').fill('somebody.else@example.com')
      await page.getByRole('button', { name: 'Delete my account' }).click()
      await expect(page.getByText('That’s not the email address of your account.')).toBeVisible()
      expect(await isScheduled(person)).toBe(false)

      await askForDeletion(page, person)
      await expect(page.getByText(/Until \w+ \d+, \d{4}, you can log in to keep/)).toBeVisible()
      await elsewhere.goto('/dashboard')
      await expect(elsewhere).toHaveURL(/log-in/)
      const { text } = await waitForMail(person.email, SCHEDULED)
      expect(text).toMatch(/Until \w+ \d+, \d{4}, you can log in to keep your account/)

      await page.goto('/dashboard')
      await page.getByLabel('Email').fill(person.email)
      await page.getByLabel('Password', { exact: true }).fill(person.password)
      await page.getByRole('button', { name: 'Log in' }).click()
      await expect(page).toHaveURL('/users/reactivation?redirectTo=%2Fdashboard')
      await page.goto('/dashboard')
      await expect(page).toHaveURL('/users/reactivation?redirectTo=%2Fdashboard')
      if (javaScriptEnabled) await fits(page)
      await page.getByRole('button', { name: 'Keep my account' }).click()
      await expect(page).toHaveURL('/dashboard')
      expect(await isScheduled(person)).toBe(false)
      await waitForMail(person.email, /is kept/i)
      await page.goto('/users/settings/data')
      if (javaScriptEnabled) await fits(page)
      await page.goto('/users/activity')
      await expect(page.getByRole('heading', { name: 'Asked for the account to be deleted' })).toBeVisible()
    })

    test('somebody who logs in by mistake leaves everything as it is', async ({ page, person }) => {
      await person.registerAndConfirm(page)
      await person.logIn(page)
      await page.waitForURL('/')
      await askForDeletion(page, person)
      await person.logIn(page)
      await page.waitForURL('**/users/reactivation*')
      await page.getByRole('button', { name: 'No, log out' }).click()
      await page.waitForURL((url) => !url.pathname.includes('reactivation'))
      expect(await isScheduled(person)).toBe(true)
    })

    test('an owner keeps the account that a stranger wanted gone, by “This wasn’t me”', async ({
      page,
      person,
      otherBrowser,
    }) => {
      await person.registerAndConfirm(page)
      const stranger = await otherBrowser.newPage()
      await person.logIn(stranger)
      await stranger.waitForURL('/')
      await askForDeletion(stranger, person)
      const { text } = await waitForMail(person.email, SCHEDULED)
      await page.goto(/https?:\S+\/users\/not-me\/\S+/.exec(text)?.[0] ?? '')
      await expect(page.getByText('someone asked for your account to be deleted')).toBeVisible()
      await expect(page.getByText('Your account is kept. It will no longer be deleted.')).toBeVisible()
      await page.getByRole('button', { name: 'Log out everywhere and remove the password' }).click()
      await page.waitForURL('**/users/log-in*')
      expect(await isScheduled(person)).toBe(false)

      await comeBack(page, person)
      await expect(page).toHaveURL('/')
    })
  })
}
