import { logOut } from './support/log-out.ts'
import { waitForMail } from './support/mails.ts'
import { expect, test } from './support/test.ts'

test.use({ javaScriptEnabled: false })

test('everything works with JavaScript off', async ({ page, person }) => {
  await person.registerAndConfirm(page)
  await page.goto('/dashboard')
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill('certainly not this one')
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByText(/The email address or password is wrong/)).toBeVisible()
  await expect(page.getByLabel('Email')).toHaveValue(person.email)

  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page).toHaveURL(/\/dashboard$/)

  await logOut(page)
  await page.goto('/users/reset-password')
  await page.getByLabel('Email').fill(person.email)
  await page.getByRole('button', { name: /send|email me/i }).click()
  await page.waitForURL('**/users/log-in*')
  const mail = await waitForMail(person.email, /reset|new password/i)
  await page.goto(mail.link)
  await page.getByLabel('New password', { exact: true }).fill('a newer quiet river')
  await page.getByLabel(/repeat|confirm/i).fill('a newer quiet river')
  await page.getByRole('button', { name: 'Save password' }).click()
  await page.waitForURL('**/users/log-in*')
  await expect(page.getByText('Your new password is saved.')).toBeVisible()
})

test('a form that is filled in wrongly says what is wrong at the field', async ({ page }) => {
  await page.goto('/users/register')
  await page.getByLabel('Email').fill('someone@example.com')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Create account' }).click()
  const password = page.getByLabel('Password', { exact: true })
  await expect(password).toHaveAttribute('aria-invalid', 'true')
  await expect(password).toHaveValue('')
  await expect(page.getByLabel('Email')).toHaveValue('someone@example.com')
})
