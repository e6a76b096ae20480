import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from './support/test.ts'

const openPages = [
  '/',
  '/users/register',
  '/users/log-in',
  '/users/log-in?redirectTo=%2Fdashboard',
  '/users/log-out',
  '/users/confirm',
  '/users/confirm/continue?f=gone',
  '/users/reset-password',
  '/users/reset-password/continue?f=gone',
  '/no-such-page',
]

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any open page (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    for (const path of openPages) {
      await page.goto(path)
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => ({ path, id, html: nodes[0]?.html }))).toEqual([])
    }
  })

  test(`axe finds nothing on the pages behind a mail and a sign-in (${colorScheme})`, async ({
    page,
    person,
    otherBrowser,
  }) => {
    const check = async (which: typeof page) => {
      await which.emulateMedia({ colorScheme })
      const { violations } = await new AxeBuilder({ page: which }).analyze()
      expect(violations.map(({ id, nodes }) => ({ url: which.url(), id, html: nodes[0]?.html }))).toEqual([])
    }
    const mail = await person.register(page)
    await check(page) // with the notice
    const otherPage = await otherBrowser.newPage()
    await otherPage.goto(mail.link)
    await check(otherPage)
    await page.goto(mail.link)
    await check(page)
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.waitForURL('**/users/log-in')
    await person.logIn(page, { password: 'certainly not this one' })
    await check(page)
    await person.logIn(page)
    await page.goto('/dashboard')
    await check(page)
  })
}

test('no page is wider than a phone of 375 px', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 740 })
  for (const path of openPages) {
    await page.goto(path)
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width, path).toBeLessThanOrEqual(375)
  }
})
