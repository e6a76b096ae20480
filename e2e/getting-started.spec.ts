import { spaced } from './support/authenticator.ts'
import { logOut } from './support/log-out.ts'
import { waitForMail } from './support/mails.ts'
import { createPerson, expect, test } from './support/test.ts'

test('people register, confirm by link and by code, log in, are protected, reset, and the old session is dead', async ({
  page,
  person,
  otherBrowser,
  openBrowser,
}) => {
  test.slow() // a whole story, of two people
  const codeBrowser = await openBrowser()
  await test.step('a protected page sends a stranger to log-in', async () => {
    await page.goto('/dashboard')
    await expect(page).toHaveURL(/\/users\/log-in\?redirectTo=%2Fdashboard$/)
  })

  await test.step('registering leads to the inbox, and the link signs in', async () => {
    const mail = await person.register(page)
    await expect(page.getByRole('heading', { name: 'Check your email' })).toBeVisible()
    await expect(page.getByText(person.email)).toBeVisible()
    await page.goto(mail.link)
    await expect(page).toHaveURL(/\/users\/confirm\/continue\?f=/)
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.waitForURL((url) => url.pathname === '/')
    await expect(page.getByText('Your email address is confirmed.')).toBeVisible()
    await expect(page.getByText(person.email).first()).toBeVisible()
    await logOut(page)
  })

  await test.step('somebody else confirms with the code from the mail, and gets in', async () => {
    const another = createPerson()
    const codePage = await codeBrowser.newPage()
    const mail = await another.register(codePage)
    await expect(codePage.getByLabel('Code')).toBeFocused()
    await codePage.getByLabel('Code').fill(spaced(mail.code ?? ''))
    await codePage.getByRole('button', { name: 'Continue' }).click()
    await codePage.waitForURL((url) => url.pathname === '/')
    await expect(codePage.getByText('Your email address is confirmed.')).toBeVisible()
    await codePage.goto('/dashboard')
    await expect(codePage.getByText(another.email).first()).toBeVisible()
  })

  await test.step('logging in from the protected page leads back to it', async () => {
    await page.goto('/dashboard')
    await page.getByLabel('Email').fill(person.email)
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await page.getByRole('button', { name: 'Log in' }).click()
    await expect(page).toHaveURL(/\/dashboard$/)
    await expect(page.getByText(person.email).first()).toBeVisible()
  })

  const otherPage = await otherBrowser.newPage()
  await test.step('a second browser logs in too, and is remembered', async () => {
    await person.logIn(otherPage, { rememberMe: true })
    await expect(otherPage).not.toHaveURL(/log-in/)
    const cookie = (await otherBrowser.cookies()).find(({ name }) => name.endsWith('sid'))
    expect(cookie?.expires).toBeGreaterThan(Date.now() / 1000 + 59 * 86_400)
    const here = (await page.context().cookies()).find(({ name }) => name.endsWith('sid'))
    expect(here?.expires).toBe(-1) // without “remember me”: gone with the browser
  })

  await test.step('logging out shows the way in again', async () => {
    await logOut(page)
    await page.goto('/dashboard')
    await expect(page).toHaveURL(/\/users\/log-in/)
  })

  const newPassword = `${person.password} anew`
  await test.step('a reset link sets a new password', async () => {
    await page.goto('/users/reset-password')
    await page.getByLabel('Email').fill(person.email)
    await page.getByRole('button', { name: /send|email me/i }).click()
    await page.waitForURL('**/users/log-in*')
    const mail = await waitForMail(person.email, /password/i)
    await page.goto(mail.link)
    await page.getByLabel('New password', { exact: true }).fill(newPassword)
    await page.getByLabel(/repeat|confirm/i).fill(newPassword)
    await page.getByRole('button', { name: 'Save password' }).click()
    await page.waitForURL('**/users/log-in*')
    await expect(page.getByText('Your new password is saved.')).toBeVisible()
  })

  await test.step('the session in the second browser is dead, and its owner was told', async () => {
    await otherPage.goto('/dashboard')
    await expect(otherPage).toHaveURL(/\/users\/log-in/)
    await waitForMail(person.email, /password.*was changed/i)
  })

  await test.step('only the new password logs in', async () => {
    await person.logIn(page)
    await expect(page.getByText(/The email address or password is wrong/)).toBeVisible()
    await person.logIn(page, { password: newPassword })
    await expect(page).not.toHaveURL(/log-in/)
  })
})
