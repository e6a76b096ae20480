import { logOut } from './support/log-out.ts'
import { waitForMail } from './support/mails.ts'
import { expect, test } from './support/test.ts'

test('SESS-07 RR-10 after log-out neither the back button nor a click shows what was private', async ({
  page,
  person,
}) => {
  await person.registerAndConfirm(page)
  await person.logIn(page)
  await page.goto('/dashboard')
  await expect(page.getByText(person.email).first()).toBeVisible()
  await logOut(page)
  await expect(page.getByText(person.email)).toHaveCount(0)

  await page.goBack()
  await expect(page).toHaveURL('/users/log-out')
  await page.goBack()
  await expect(page).toHaveURL('/users/log-in?redirectTo=%2Fdashboard')
  await expect(page.getByText(person.email)).toHaveCount(0)
  await page.goto('/')
  await expect(page.getByText(person.email)).toHaveCount(0)
})

test('SESS-07 a tab left open notices at its next step that another tab logged out', async ({
  page,
  person,
}) => {
  await person.registerAndConfirm(page)
  await person.logIn(page)
  await page.goto('/dashboard')
  const second = await page.context().newPage()
  await logOut(second)
  await page.reload()
  await expect(page).toHaveURL(/\/users\/log-in/)
})

test('TOK-04 a reset link for somebody else names that account and leaves my session alone', async ({
  page,
  person,
  otherBrowser,
}) => {
  const { createPerson } = await import('./support/test.ts')
  const somebody = createPerson()
  const otherPage = await otherBrowser.newPage()
  await somebody.registerAndConfirm(otherPage)
  await otherPage.goto('/users/reset-password')
  await otherPage.getByLabel('Email').fill(somebody.email)
  await otherPage.getByRole('button', { name: /send|email me/i }).click()
  const mail = await waitForMail(somebody.email, /reset|new password/i)

  await person.registerAndConfirm(page)
  await person.logIn(page)
  await page.goto(mail.link)
  await expect(page.getByText('p•••@example.com').first()).toBeVisible()
  await expect(page.getByText(somebody.email)).toHaveCount(0)
  await page.getByLabel('New password', { exact: true }).fill('a newer quiet river')
  await page.getByLabel(/repeat|confirm|once more/i).fill('a newer quiet river')
  await page.getByRole('button', { name: 'Save password' }).click()
  await expect(page.getByText('Your new password is saved.')).toBeVisible()
  await page.goto('/dashboard')
  await expect(page.getByText(person.email).first()).toBeVisible()
})
