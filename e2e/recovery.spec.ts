import type { Locator, Page } from '@playwright/test'
import { sayYes } from './support/ask-first.ts'
import { answerByBackupCode, enrol, readBackupCodes } from './support/authenticator.ts'
import { waitForMail } from './support/mails.ts'
import { dropPassword, enrolPasskey, forgetSudo } from './support/passkeys.ts'
import { expect, test } from './support/test.ts'

/** The part of the step-up's page for who has lost the second factor. */
function recovery(page: Page): Locator {
  return page.locator('details', { hasText: 'I lost my device' })
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'with JavaScript off', () => {
    test.use({ javaScriptEnabled })

    test('a wrong backup code is refused where it was typed, and the right one leads to the second factors', async ({
      page,
      person,
    }) => {
      const { backupCodes } = await enrol(page, person)
      await forgetSudo(person)
      await page.goto('/users/settings/password')
      await expect(page.getByLabel('Code', { exact: true })).toBeFocused()
      await recovery(page).locator('summary').click()
      await recovery(page).getByLabel('Password').fill(person.password)
      await recovery(page).getByLabel('Backup code').fill('aaaa-bbbb-cccc-dddd')
      await page.getByRole('button', { name: 'Use backup code' }).click()
      await expect(recovery(page).getByRole('alert')).toContainText('The password or backup code is wrong.')
      await expect(page.getByRole('alert')).toHaveCount(1)

      await recovery(page).getByLabel('Password').fill(person.password)
      await recovery(page)
        .getByLabel('Backup code')
        .fill(backupCodes[0] ?? '')
      await page.getByRole('button', { name: 'Use backup code' }).click()
      await expect(page.getByText('You’re here with a backup code')).toBeVisible()
      await sayYes(page, 'Turn off')
      await expect(page.getByText('Your authenticator app is turned off.')).toBeVisible()
    })

    test('without a password, a code from a message stands beside the backup code', async ({
      page,
      person,
    }) => {
      const { backupCodes } = await enrol(page, person)
      await dropPassword(person)
      await forgetSudo(person)
      await page.goto('/users/settings/mfa')
      await recovery(page).locator('summary').click()
      await expect(recovery(page).getByLabel('Password')).toHaveCount(0)
      await page.getByRole('button', { name: 'Email me a code' }).click()
      await expect(page.getByText('We’ve emailed you a six-digit code.')).toBeVisible()
      const { code } = await waitForMail(person.email, /code/i)
      await recovery(page)
        .getByLabel('Code from our email')
        .fill(code ?? '')
      await recovery(page)
        .getByLabel('Backup code')
        .fill(backupCodes[0] ?? '')
      await page.getByRole('button', { name: 'Use backup code' }).click()
      await expect(page.getByText('You’re here with a backup code')).toBeVisible()
    })
  })
}

test('whoever lost the passkey that was the second step switches it off, and goes on with the password', async ({
  page,
  person,
  otherBrowser,
}) => {
  await enrolPasskey(page, person)
  await page.getByRole('button', { name: 'Turn on two-step verification' }).click()
  const [code = ''] = await readBackupCodes(page)

  const elsewhere = await otherBrowser.newPage()
  await person.logIn(elsewhere)
  await answerByBackupCode(elsewhere, code)
  await elsewhere.waitForURL((url) => url.pathname === '/')
  await elsewhere.goto('/users/settings/mfa')
  await expect(elsewhere.getByText('You’re here with a backup code')).toBeVisible()
  await expect(elsewhere.getByRole('button', { name: 'Add a passkey' })).toHaveCount(0)
  await expect(elsewhere.getByRole('button', { name: 'Get new codes' })).toHaveCount(0)
  await sayYes(elsewhere, 'Turn off')
  await expect(elsewhere.getByText('Two-step verification is off.')).toBeVisible()

  await elsewhere.goto('/users/settings/password')
  await elsewhere.getByLabel('Password').fill(person.password)
  await elsewhere.getByRole('button', { name: 'Continue' }).click()
  await elsewhere.goto('/users/settings/mfa')
  await expect(elsewhere.getByRole('button', { name: 'Add a passkey' })).toBeVisible()
})
