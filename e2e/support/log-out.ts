import type { Page } from '@playwright/test'

/** Ends this browser's session, and waits until the server has. */
export async function logOut(page: Page): Promise<void> {
  await page.goto('/users/log-out')
  await page.getByRole('main').getByRole('button', { name: 'Log out' }).click()
  await page.waitForURL((url) => url.pathname === '/')
}
