import { sayYes } from './support/ask-first.ts'
import { query } from './support/database.ts'
import { expect, test } from './support/test.ts'

/** Makes the last proof older than sudo allows, as ten minutes would. */
async function forgetSudo(email: string): Promise<void> {
  await query(
    `update user_sessions s set sudo_at = sudo_at - interval '11 minutes' from users u
     where u.id = s.user_id and u.email = $1`,
    [email],
  )
}

test('somebody changes the password, and is signed out everywhere else', async ({
  page,
  person,
  otherBrowser,
}) => {
  await person.registerAndConfirm(page)
  await person.logIn(page)
  const other = await otherBrowser.newPage()
  await person.logIn(other)
  await other.waitForURL('**/')

  await page.goto('/users/settings/password')
  await expect(page.getByLabel('Current password')).toHaveCount(0) // typed a moment ago
  await page.getByLabel('New password', { exact: true }).fill('a different quiet river')
  await page.getByLabel('Repeat the new password').fill('a different quiet rivre')
  await page.getByRole('button', { name: 'Save password' }).click()
  await expect(page.getByText('The passwords don’t match.')).toBeVisible()

  await page.getByLabel('New password', { exact: true }).fill('a different quiet river')
  await page.getByLabel('Repeat the new password').fill('a different quiet river')
  await page.getByRole('button', { name: 'Save password' }).click()
  await expect(page.getByText('Your password is saved.')).toBeVisible()

  await other.goto('/dashboard')
  await expect(other).toHaveURL(/\/users\/log-in/)
  await person.logIn(other, { password: 'a different quiet river' })
  await other.waitForURL('**/')
})

test('SUDO-01 a screen left open is asked again who is there, and leads back', async ({ page, person }) => {
  await person.registerAndConfirm(page)
  await person.logIn(page)
  await page.waitForURL('**/')
  await forgetSudo(person.email)

  await page.goto('/users/settings/password')
  await expect(page).toHaveURL('/users/sudo?redirectTo=%2Fusers%2Fsettings%2Fpassword')
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('alert')).toHaveText('That’s not your password.')
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page).toHaveURL('/users/settings/password')
})

test('somebody sees where they are signed in, and ends what they do not know', async ({
  page,
  person,
  otherBrowser,
}) => {
  await person.registerAndConfirm(page)
  await person.logIn(page)
  const other = await otherBrowser.newPage()
  await person.logIn(other)
  await other.waitForURL('**/')

  const secondTab = await page.context().newPage()
  for (const tab of [secondTab, page]) await tab.goto('/users/sessions')
  await expect(page.getByRole('listitem')).toHaveCount(2)
  await expect(page.getByRole('listitem').first()).toContainText('this browser')
  await page.getByRole('listitem').last().getByRole('button', { name: 'Log out' }).click()
  await expect(page.getByText('That browser is logged out.')).toBeVisible()
  await expect(page.getByRole('listitem')).toHaveCount(1)
  await other.goto('/dashboard')
  await expect(other).toHaveURL(/\/users\/log-in/)
  await secondTab.getByRole('listitem').last().getByRole('button', { name: 'Log out' }).click()
  await expect(secondTab.getByText('That browser was already logged out.')).toBeVisible()
  await expect(secondTab.getByRole('listitem')).toHaveCount(1)

  await sayYes(page, 'Log out everywhere')
  await expect(page).toHaveURL('/users/log-in')
  await page.goto('/dashboard')
  await expect(page).toHaveURL(/\/users\/log-in/)
})

test.describe('elsewhere on earth', () => {
  test.use({ timezoneId: 'Pacific/Kiritimati', locale: 'en-US' })

  test('times are told in the zone of who reads them', async ({ page, person }) => {
    await person.registerAndConfirm(page)
    await person.logIn(page)
    await page.waitForURL('**/')
    await page.goto('/users/sessions')
    const time = page.getByRole('listitem').locator('time').last()
    await expect(time).not.toHaveAttribute('title', /UTC/)
    const [title, at] = [await time.getAttribute('title'), await time.getAttribute('datetime')]
    const local = await page.evaluate(
      (iso) => new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short' }).format(new Date(iso)),
      at ?? '',
    )
    expect(title).toBe(local)
  })
})

test('signing this device out of the list is logging out', async ({ page, person }) => {
  await person.registerAndConfirm(page)
  await person.logIn(page)
  await page.waitForURL('**/')
  await page.goto('/users/sessions')
  await page.getByRole('listitem').getByRole('button', { name: 'Log out' }).click()
  await expect(page).toHaveURL('/users/log-in')
  await expect(page.getByText('You’re logged out.')).toBeVisible()
})

test('an address as long as they come is wrapped on a phone', async ({ page, person }) => {
  await person.registerAndConfirm(page)
  await person.logIn(page)
  await page.waitForURL('**/')
  const long = `${'a.very.long.name.'.repeat(3)}${person.email.replace('example', 'a-rather-long-part.of-some.example')}`
  await query('update users set email = $2, email_canonical = $2 where email = $1', [person.email, long])
  await page.setViewportSize({ width: 375, height: 740 })
  for (const path of [
    '/',
    '/dashboard',
    '/users/log-out',
    '/users/sudo',
    '/users/settings/password',
    '/users/sessions',
  ]) {
    await page.goto(path)
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(375)
  }
})

test('whoever must change the password does so before anything else', async ({ page, person }) => {
  await person.registerAndConfirm(page)
  await query('update users set must_change_password = true where email = $1', [person.email])
  await page.goto('/dashboard')
  await person.logIn(page)
  await expect(page).toHaveURL('/users/change-password')
  await page.goto('/dashboard')
  await expect(page).toHaveURL('/users/change-password?redirectTo=%2Fdashboard')

  const choose = async (password: string) => {
    await page.getByLabel('New password', { exact: true }).fill(password)
    await page.getByLabel('Repeat the new password').fill(password)
    await page.getByRole('button', { name: 'Save and continue' }).click()
  }
  await choose(person.password)
  await expect(page.getByText('That’s your current password. Choose another one.')).toBeVisible()
  await choose('a different quiet river')
  await expect(page).toHaveURL('/dashboard')
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('password, sessions and step-up work all the same', async ({ page, person }) => {
    await person.registerAndConfirm(page)
    await person.logIn(page)
    await forgetSudo(person.email)
    await page.goto('/users/settings/password')
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('New password', { exact: true }).fill('a different quiet river')
    await page.getByLabel('Repeat the new password').fill('a different quiet river')
    await page.getByRole('button', { name: 'Save password' }).click()
    await expect(page.getByText('Your password is saved.')).toBeVisible()
    await page.goto('/users/sessions')
    await sayYes(page, 'Log out everywhere')
    await expect(page).toHaveURL('/users/log-in')
  })
})
