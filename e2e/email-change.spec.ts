import type { Page } from '@playwright/test'
import { expectAccessible } from './support/accessible.ts'
import { comeBack } from './support/come-back.ts'
import { waitForMail } from './support/mails.ts'
import { createPerson, expect, type Person, test } from './support/test.ts'

const CONFIRM = /^confirm your new email address/i
const CHANGED = /was changed/i

async function askForChange(page: Page, person: Person, to: string): Promise<void> {
  await person.logIn(page)
  await page.waitForURL('/')
  await page.goto('/users/settings/email')
  await page.getByLabel('New email').fill(to)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByText(`We’ve emailed ${to}.`)).toBeVisible()
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('somebody changes their address by the code, and is logged out everywhere else', async ({
      page,
      person,
      otherBrowser,
    }) => {
      await person.registerAndConfirm(page)
      const elsewhere = await otherBrowser.newPage()
      await person.logIn(elsewhere)
      await elsewhere.waitForURL('/')
      const { email } = createPerson()
      await askForChange(page, person, email)
      const { code } = await waitForMail(email, CONFIRM)
      const enter = async (digits: string) => {
        await page.getByLabel('Code').fill(digits) // with JavaScript, that sends it
        if (!javaScriptEnabled) await page.getByRole('button', { name: 'Change email address' }).click()
      }
      await enter(code === '000000' ? '000001' : '000000')
      await expect(page.getByText('That code is wrong or has expired.')).toBeVisible()
      if (javaScriptEnabled) await expectAccessible(page)
      await enter(code ?? '')
      await expect(page.getByText('Your email address is changed.')).toBeVisible()
      await expect(page.getByText(email)).toBeVisible()
      await elsewhere.goto('/dashboard')
      await expect(elsewhere).toHaveURL(/log-in/)
    })

    test('LIF-05 the owner undoes what a stranger changed, by the notice in the old mailbox', async ({
      page,
      person,
      otherBrowser,
    }) => {
      await person.registerAndConfirm(page)
      const stranger = await otherBrowser.newPage()
      const { email } = createPerson()
      await askForChange(stranger, person, email)
      const confirm = await waitForMail(email, CONFIRM)
      await stranger.goto(confirm.link)
      await stranger.getByRole('button', { name: 'Change email address' }).click()
      await expect(stranger.getByText('Your email address is changed.')).toBeVisible()

      const { link } = await waitForMail(person.email, CHANGED)
      await page.goto(link)
      await expect(page.getByText(/Your email address is p•••@example\.com again/)).toBeVisible()
      if (javaScriptEnabled) await expectAccessible(page)
      await page.getByRole('button', { name: 'Log out everywhere and remove the password' }).click()
      await expect(page.getByText('Your account is secured.')).toBeVisible()
      await stranger.goto('/dashboard')
      await expect(stranger).toHaveURL(/log-in/)
      await comeBack(page, person)
      await page.goto(link)
      await expect(page.getByText('This link is invalid or has expired.')).toBeVisible()
    })
  })
}

test('somebody takes a change back before it is confirmed, and its link does nothing', async ({
  page,
  person,
}) => {
  await person.registerAndConfirm(page)
  const { email } = createPerson()
  await askForChange(page, person, email)
  const { link } = await waitForMail(email, CONFIRM)
  await page.getByRole('button', { name: 'Cancel the change' }).click()
  await expect(page.getByLabel('New email')).toBeVisible()
  await page.goto(link)
  await expect(page.getByText('This link is invalid or has expired.')).toBeVisible()
  await page.goto('/users/settings')
  await expect(page.getByText(person.email)).toBeVisible()
})
