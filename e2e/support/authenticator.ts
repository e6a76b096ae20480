import { totpCode } from '@sigra/dev/testing'
import type { Page } from '@playwright/test'
import { expect, type Person } from './test.ts'

/** An authenticator app on somebody's phone. */
export interface Authenticator {
  /** What it shows next: accepted a step early, and as new even where the current code was just used. */
  nextCode(): string
  /** What somebody kept when the app was switched on. */
  backupCodes: readonly string[]
}

/** Reads the key that a page shows beside the QR code. @returns What the app then shows now, or so many steps later. */
export async function scan(page: Page): Promise<(steps?: number) => string> {
  const key = (await page.locator('code.key').first().textContent()) ?? ''
  return (steps = 0) => totpCode(key, { steps })
}

/** As some apps show it. A page sends six digits in a row by itself; like this it waits for its button, with or without script. */
export function spaced(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`
}

/** Switches an app on in the settings, by its current code. */
export async function switchOn(page: Page): Promise<Authenticator> {
  await page.goto('/users/settings/mfa')
  return setUp(page)
}

/** The same on the page that is open: that of the settings, or the one that asks for a second factor. */
export async function setUp(page: Page): Promise<Authenticator> {
  await page.getByRole('button', { name: /^Set up/ }).click()
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible()
  const code = await scan(page)
  await page.getByLabel('Code from your authenticator app').fill(spaced(code()))
  await page.getByRole('button', { name: 'Turn on' }).click()
  return { nextCode: () => code(1), backupCodes: await readBackupCodes(page) }
}

export async function readBackupCodes(page: Page): Promise<string[]> {
  await expect(page.getByRole('heading', { name: 'Save your backup codes' })).toBeVisible()
  return page.locator('.codes code').allTextContents()
}

/** Somebody who is signed in and whose app is on. */
export async function enrol(page: Page, person: Person): Promise<Authenticator> {
  await person.registerAndConfirm(page)
  await person.logIn(page)
  await page.waitForURL((url) => url.pathname === '/')
  return switchOn(page)
}

/** Types a code into the challenge. */
export async function answer(
  page: Page,
  code: string,
  { trustBrowser = false }: { trustBrowser?: boolean } = {},
): Promise<void> {
  await page.waitForURL('**/users/mfa**')
  await page.getByLabel('Code from your authenticator app').fill(spaced(code))
  if (trustBrowser)
    await page
      .getByLabel(/Trust this browser/)
      .first()
      .check()
  await page.getByRole('button', { name: 'Continue' }).click()
}

export async function answerByBackupCode(page: Page, code: string): Promise<void> {
  await page.waitForURL('**/users/mfa**')
  const field = page.getByLabel('Backup code', { exact: true })
  if (!(await field.isVisible())) await page.getByText('Use a backup code').click()
  await field.fill(code)
  await page.getByRole('button', { name: 'Use backup code' }).click()
}
