import { expectAccessible } from './support/accessible.ts'
import { readBackupCodes, scan, spaced } from './support/authenticator.ts'
import { query } from './support/database.ts'
import { logOut } from './support/log-out.ts'
import { expect, test } from './support/test.ts'

test('axe finds nothing on the pages of second factors, and none is wider than a phone', async ({
  page,
  person,
}) => {
  const check = async () => {
    await expectAccessible(page)
    await page.setViewportSize({ width: 375, height: 740 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth), page.url()).toBeLessThanOrEqual(
      375,
    )
    await page.setViewportSize({ width: 1280, height: 720 })
  }
  await person.registerAndConfirm(page)
  await query('update users set require_second_step = true where email = $1', [person.email])
  await person.logIn(page)
  await page.waitForURL('**/users/mfa/enroll')
  await check()
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  const code = await scan(page)
  await page.getByText('I can’t scan it').click()
  await check()
  await page.getByLabel('Code from your authenticator app').fill('000 000')
  await page.getByRole('button', { name: 'Turn on' }).click()
  await check()
  await page.getByLabel('Code from your authenticator app').fill(spaced(code()))
  await page.getByRole('button', { name: 'Turn on' }).click()
  await readBackupCodes(page)
  await check()
  await page.goto('/users/settings/mfa')
  await check()
  await page.getByRole('button', { name: 'Set up another app' }).click()
  await check()
  await logOut(page)
  await person.logIn(page)
  await page.waitForURL('**/users/mfa')
  await page.getByText('Use a backup code').click()
  await check()
})
