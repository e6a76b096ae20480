import type { Page } from '@playwright/test'
import { spaced } from './support/authenticator.ts'
import { waitForMail } from './support/mails.ts'
import { createPerson, expect, test } from './support/test.ts'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with script' : 'without script', () => {
    test.use({ javaScriptEnabled })

    test('somebody registers on the way to the dashboard: two forms, the address typed once', async ({
      page,
      person,
    }) => {
      const sent = countForms(page)
      await page.goto('/dashboard')
      await page.getByRole('link', { name: 'Register' }).click()
      await page.getByRole('heading', { name: 'Create your account' }).waitFor()
      await page.getByLabel('Email').fill(person.email)
      await page.getByLabel('Password', { exact: true }).fill(person.password)
      await page.getByRole('button', { name: 'Create account' }).click()

      await expect(page.getByRole('heading', { name: 'Check your email' })).toBeVisible()
      await expect(page.getByText(person.email)).toBeVisible()
      await expect(page.getByRole('textbox')).toHaveCount(1)
      const code = page.getByLabel('Code')
      await expect(code).toBeFocused()
      await code.fill(spaced((await waitForMail(person.email, /confirm/i)).code ?? ''))
      await page.getByRole('button', { name: 'Continue' }).click()

      await expect(page).toHaveURL(/\/dashboard$/)
      await expect(page.getByText('Your email address is confirmed.')).toBeVisible()
      expect(sent()).toEqual(['/users/register', '/users/confirm'])
    })

    test('the link lands there too, also of a mail that was asked for again', async ({ page, person }) => {
      await page.goto('/users/register?redirectTo=%2Fdashboard')
      await page.getByLabel('Email').fill(person.email)
      await page.getByLabel('Password', { exact: true }).fill(person.password)
      await page.getByRole('button', { name: 'Create account' }).click()
      const again = page.getByRole('button', { name: /^Send a new code/ })
      await expect(again).toBeEnabled({ timeout: 40_000 })
      if (javaScriptEnabled) await expect(again).toHaveText('Send a new code')
      await again.click()
      await expect(page.getByText(/we’ve emailed a new code/)).toBeVisible()
      await expect(page.getByText(person.email)).toBeVisible()
      await page.goto((await waitForMail(person.email, /confirm/i, 2)).link)
      await page.getByRole('button', { name: 'Confirm' }).click()
      await expect(page).toHaveURL(/\/dashboard$/)
    })

    test('PRE-11 whoever is signed in to another account stays so', async ({ page, person, openBrowser }) => {
      const other = createPerson()
      await other.registerAndConfirm(await (await openBrowser()).newPage())
      const { link } = await person.register(page)
      await other.logIn(page)
      await expect(page.getByText(other.email).first()).toBeVisible()
      await page.goto(link)
      await page.getByRole('button', { name: 'Confirm' }).click()
      await expect(page).toHaveURL((url) => url.pathname === '/')
      await expect(page.getByText('Your email address is confirmed.')).toBeVisible()
      await expect(page.getByText(other.email).first()).toBeVisible()
    })

    test('PRE-10 the link signs nobody in, in another browser and in the one that registered', async ({
      page,
      person,
      otherBrowser,
    }) => {
      const { link, code } = await person.register(page)
      const otherPage = await otherBrowser.newPage()
      await otherPage.goto(link)
      await otherPage.getByLabel('Password', { exact: true }).fill(person.password)
      await otherPage.getByRole('button', { name: /^confirm/i }).click()
      await otherPage.waitForURL('**/users/log-in*')
      await page.getByLabel('Code').fill(spaced(code ?? ''))
      await page.getByRole('button', { name: 'Continue' }).click()
      await expect(page.getByText('That code is wrong or has expired.')).toBeVisible()
      for (const each of [page, otherPage]) {
        await each.goto('/dashboard')
        await expect(each).toHaveURL(/\/users\/log-in/)
      }
    })

    test('a mistyped address is started over', async ({ page, person }) => {
      await person.register(page)
      await page.getByRole('link', { name: 'Start over' }).click()
      await expect(page.getByRole('heading', { name: 'Create your account' })).toBeVisible()
    })
  })
}

test('the sixth digit of a code sends it', async ({ page, person }) => {
  const { code } = await person.register(page)
  const sent = countForms(page)
  await expect(page.getByRole('button', { name: /^Send a new code \(/ })).toBeDisabled() // the page's script is there
  await page.getByLabel('Code').pressSequentially(code ?? '')
  await expect(page).toHaveURL((url) => url.pathname === '/')
  await expect(page.getByText('Your email address is confirmed.')).toBeVisible()
  expect(sent()).toEqual(['/users/confirm'])
})

/** Where forms were posted to; what a page's script asks for is none. */
function countForms(page: Page): () => string[] {
  const paths: string[] = []
  page.on('request', (request) => {
    const isForm = request.headers()['content-type']?.startsWith('application/x-www-form-urlencoded') === true
    if (request.method() === 'POST' && isForm)
      paths.push(new URL(request.url()).pathname.replace(/\.data$/, ''))
  })
  return () => paths
}
