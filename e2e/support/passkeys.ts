import type { Page } from '@playwright/test'
import { addVirtualAuthenticator, type VirtualAuthenticator } from '@sigra/dev/testing'
import { query } from './database.ts'
import { expect, type Person } from './test.ts'

/** Somebody who is signed in and has a passkey in this page's authenticator. */
export async function enrolPasskey(page: Page, person: Person): Promise<VirtualAuthenticator> {
  await person.registerAndConfirm(page)
  await person.logIn(page)
  await page.waitForURL('**/')
  const authenticator = await addVirtualAuthenticator(page) // before the log-in, a passkey would be offered after it
  await addPasskey(page)
  expect(await authenticator.countPasskeys()).toBe(1)
  return authenticator
}

/** Without the list under the e-mail field, which a virtual authenticator answers as soon as the page is there. */
export async function hideList(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.assign(PublicKeyCredential, { isConditionalMediationAvailable: async () => false })
  })
}

/** Adds another in the settings. */
export async function addPasskey(page: Page): Promise<void> {
  await page.goto('/users/settings/mfa')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByText('was added. You can log in with it now.')).toBeVisible()
}

/** Makes the last proof older than sudo allows, as ten minutes would. */
export async function forgetSudo(person: Person): Promise<void> {
  await query(
    `update user_sessions s set sudo_at = sudo_at - interval '11 minutes' from users u
     where u.id = s.user_id and u.email = $1`,
    [person.email],
  )
}

/** As if the account had been made by mail or passkey alone. */
export async function dropPassword(person: Person): Promise<void> {
  await query('update users set hashed_password = null where email = $1', [person.email])
}
