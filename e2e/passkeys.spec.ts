import { gzipSync } from 'node:zlib'
import type { Page } from '@playwright/test'
import { addVirtualAuthenticator } from '@sigra/dev/testing'
import { expectAccessible } from './support/accessible.ts'
import { questions, sayYes } from './support/ask-first.ts'
import { readBackupCodes, scan, spaced } from './support/authenticator.ts'
import { query } from './support/database.ts'
import { logOut } from './support/log-out.ts'
import { waitForMail } from './support/mails.ts'
import { addPasskey, dropPassword, enrolPasskey, forgetSudo, hideList } from './support/passkeys.ts'
import { expect, test } from './support/test.ts'

const button = 'Continue with passkey'

test('somebody adds a passkey, is told by mail, gives it a name and signs in by it', async ({
  page,
  person,
}) => {
  await enrolPasskey(page, person)
  await waitForMail(person.email, /passkey was added/i)
  await page.locator('summary', { hasText: 'Change' }).click()
  await page.getByLabel('Name').fill('Blue laptop')
  await page.getByRole('button', { name: /^Save/ }).click()
  await expect(page.getByRole('heading', { name: 'Blue laptop' })).toBeVisible()
  await expect(page.getByText('never used')).toBeVisible()

  await logOut(page)
  await hideList(page)
  await page.goto('/dashboard')
  await page.getByRole('button', { name: button }).click()
  await expect(page).toHaveURL(/\/dashboard$/)
  await page.goto('/users/settings/mfa')
  await expect(page.getByText(/last used (?:just now|\d minutes? ago)/)).toBeVisible()
})

test('the browser offers the passkey under the e-mail field, and that signs in too', async ({
  page,
  person,
}) => {
  await enrolPasskey(page, person)
  await logOut(page)
  await page.goto('/users/log-in?redirectTo=%2Fdashboard') // the authenticator chooses from the list by itself
  await expect(page).toHaveURL(/\/dashboard$/)
  await expect(page.getByText(person.email)).toBeVisible()
})

test('“Remember me” counts for the passkey, too', async ({ page, person, context }) => {
  await enrolPasskey(page, person)
  await logOut(page)
  await hideList(page)
  await page.goto('/users/log-in')
  await page.getByLabel(/remember/i).check()
  await page.getByRole('button', { name: button }).click()
  await page.waitForURL((url) => url.pathname === '/')
  const cookies = await context.cookies()
  const inFiftyDays = Date.now() / 1000 + 50 * 86_400
  expect(cookies.find(({ name }) => name.endsWith('sid'))?.expires).toBeGreaterThan(inFiftyDays)
})

test('a cancelled ceremony says so, and the password is still there', async ({ page, person }) => {
  const authenticator = await enrolPasskey(page, person)
  await authenticator.setUserVerified(false)
  await logOut(page)
  await hideList(page)
  await page.goto('/users/log-in')
  await page.getByRole('button', { name: button }).click()
  await expect(page.getByRole('alert')).toHaveText(/No passkey was used/)
  await expect(page.getByRole('alert')).toBeFocused()
  await person.logIn(page)
  await page.waitForURL((url) => url.pathname === '/')
})

test('a device that has a passkey for the account does not get another', async ({ page, person }) => {
  await enrolPasskey(page, person)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByRole('alert')).toHaveText(/already/)
})

test('a passkey that was removed says nothing about why it does not work', async ({ page, person }) => {
  await enrolPasskey(page, person)
  await query('delete from user_passkeys p using users u where u.id = p.user_id and u.email = $1', [
    person.email,
  ])
  await logOut(page)
  await page.goto('/users/log-in')
  await expect(page.getByRole('alert')).toHaveText(/doesn’t work here/)
  await expect(page).toHaveURL(/\/users\/log-in$/)
})

test('PK-05: a page under another domain cannot use it', async ({ page, person }) => {
  await enrolPasskey(page, person)
  await logOut(page)
  await page.route('**/users/log-in/passkey/options', async (route) => {
    const response = await route.fetch()
    const body = await response.json()
    await route.fulfill({ response, json: { options: { ...body.options, rpId: 'example.com' } } })
  })
  await hideList(page)
  await page.goto('/users/log-in')
  await page.getByRole('button', { name: button }).click()
  await expect(page.getByRole('alert')).toHaveText(/don’t work at this web address/)
})

test('a passkey is the second step where its owner wants two', async ({ page, person }) => {
  await enrolPasskey(page, person)
  await page.getByRole('button', { name: 'Turn on two-step verification' }).click()
  await page.getByRole('link', { name: 'I’ve saved my codes' }).click()
  await logOut(page)
  await hideList(page)
  await person.logIn(page)
  await page.waitForURL('**/users/mfa')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.waitForURL((url) => url.pathname === '/')
  const [session] = await query(
    'select s.aal, s.amr from user_sessions s join users u on u.id = s.user_id where u.email = $1',
    [person.email],
  )
  expect(session).toEqual({ aal: 2, amr: ['pwd', 'pop', 'user'] })
})

test('an app beside a passkey that is the second step: the passkey is asked for before anything is scanned', async ({
  page,
  person,
}) => {
  await enrolPasskey(page, person)
  await page.getByRole('button', { name: 'Turn on two-step verification' }).click()
  await page.getByRole('link', { name: 'I’ve saved my codes' }).click()
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await page.waitForURL('**/users/sudo?redirectTo=%2Fusers%2Fsettings%2Fmfa')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.waitForURL('**/users/settings/mfa')
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  const code = await scan(page)
  await page.getByLabel('Code from your authenticator app').fill(spaced(code()))
  await page.getByRole('button', { name: 'Turn on', exact: true }).click()
  expect(await readBackupCodes(page)).toHaveLength(10)
})

test('a sign-in that has to set up a second step does it by a passkey', async ({ page, person }) => {
  await person.registerAndConfirm(page)
  await query('update users set require_second_step = true where email = $1', [person.email])
  await addVirtualAuthenticator(page)
  await page.goto('/dashboard')
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.waitForURL('**/users/mfa/enroll?**')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('button', { name: 'Show my backup codes' }).click()
  await page.getByRole('link', { name: 'I’ve saved my codes' }).click()
  await expect(page).toHaveURL(/\/dashboard$/)
})

test('SUDO-01: a passkey proves again who is there, and the settings open', async ({ page, person }) => {
  await enrolPasskey(page, person)
  await forgetSudo(person)
  await page.goto('/users/settings/mfa')
  await page.waitForURL('**/users/sudo?**')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect(page).toHaveURL(/\/users\/settings\/mfa$/)
})

test('SUDO-01: a script whose page was left open is sent to prove it', async ({ page, person }) => {
  await enrolPasskey(page, person)
  await forgetSudo(person)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page).toHaveURL('/users/sudo?redirectTo=%2Fusers%2Fsettings%2Fmfa')
})

test('somebody removes a passkey: other browsers end, a mail says so, and it signs in no more', async ({
  page,
  person,
  otherBrowser,
}) => {
  await enrolPasskey(page, person)
  const other = await otherBrowser.newPage()
  await person.logIn(other)
  await other.waitForURL('**/')
  await page.evaluate(() => {
    const signals: unknown[] = []
    Object.assign(window, { signals })
    Object.assign(PublicKeyCredential, {
      signalUnknownCredential: async (it: unknown) => void signals.push(it),
    })
  })
  await page.locator('summary', { hasText: 'Change' }).click()
  await sayYes(page, /^Remove/)
  await expect(page.getByText('The passkey was removed')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Passkey', exact: true })).toHaveCount(0)
  await expect
    .poll(() => page.evaluate(() => ('signals' in window ? JSON.stringify(window.signals) : '')))
    .toContain('"rpId":"localhost"')
  await waitForMail(person.email, /passkey was removed/i)
  await other.goto('/dashboard')
  await expect(other).toHaveURL(/\/users\/log-in/)
})

test('a double click adds one passkey', async ({ page, person }) => {
  await person.registerAndConfirm(page)
  await person.logIn(page)
  await page.waitForURL('**/')
  const authenticator = await addVirtualAuthenticator(page)
  await page.goto('/users/settings/mfa')
  await page.getByRole('button', { name: 'Add a passkey' }).dblclick()
  await expect(page.getByText('was added. You can log in with it now.')).toBeVisible()
  expect(await authenticator.countPasskeys()).toBe(1)
})

test('a name of one long word leaves a phone as wide as it is', async ({ page, person }) => {
  await enrolPasskey(page, person)
  await query(
    'update user_passkeys p set nickname = $2 from users u where u.id = p.user_id and u.email = $1',
    [person.email, 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenhalter'],
  )
  await page.setViewportSize({ width: 375, height: 740 })
  await page.goto('/users/settings/mfa')
  await page.locator('summary', { hasText: 'Change' }).click()
  await questions(page, 'Remove').locator('summary').click()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375)
})

for (const javaScriptEnabled of [true, false]) {
  test(`a refused name is said at its field, which has the focus, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
    page,
    person,
    context,
    browser,
  }) => {
    await enrolPasskey(page, person)
    const storageState = await context.storageState()
    const own = await browser.newContext({ storageState, javaScriptEnabled, reducedMotion: 'reduce' })
    const settings = await own.newPage()
    await settings.goto(page.url())
    await settings.locator('summary', { hasText: 'Change' }).click()
    await settings.getByLabel('Name').fill('me@example.com')
    await settings.getByRole('button', { name: /^Save/ }).click()

    await expect(settings).toHaveURL(/\/passkeys\/[^/]+$/)
    const name = settings.getByLabel('Name')
    await expect(name).toHaveValue('me@example.com')
    await expect(name).toHaveAccessibleDescription(/doesn’t look like a link/)
    await expect(name).toBeFocused()
    await expect(settings.getByRole('link', { name: 'Security' })).toHaveAttribute('aria-current', 'true')
    expect(await settings.locator('.notice').count()).toBe(0)
    if (javaScriptEnabled) await expectAccessible(settings)

    await name.fill('Blue laptop')
    await settings.getByRole('button', { name: /^Save/ }).click()
    await expect(settings.getByRole('heading', { name: 'Blue laptop' })).toBeVisible()
    await own.close()
  })
}

test('PK-15: the last way to sign in stays', async ({ page, person }) => {
  await enrolPasskey(page, person)
  await dropPassword(person)
  await page.reload()
  await page.locator('summary', { hasText: 'Change' }).click()
  await expect(page.getByText('You have no password and no other passkey.')).toBeVisible()
  await expect(questions(page, /^Remove/)).toHaveCount(0)
})

test('PK-15: two tabs remove the last two, and one stays', async ({ page, person, context }) => {
  const authenticator = await enrolPasskey(page, person)
  await authenticator.remove()
  await addVirtualAuthenticator(page)
  await addPasskey(page)
  await dropPassword(person)
  const tab = await context.newPage()
  for (const each of [page, tab]) await each.goto('/users/settings/mfa')
  await page.locator('summary', { hasText: 'Change' }).first().click()
  await sayYes(page, /^Remove/)
  await expect(page.getByText('The passkey was removed')).toBeVisible()
  await tab.locator('summary', { hasText: 'Change' }).last().click()
  await sayYes(tab, /^Remove/)
  await expect(tab.getByText('no password and no other passkey')).not.toHaveCount(0)
  const rows = await query(
    'select 1 from user_passkeys p join users u on u.id = p.user_id where u.email = $1',
    [person.email],
  )
  expect(rows).toHaveLength(1)
})

test('PK-01: two tabs at the log-in page do not disturb each other', async ({ page, person, context }) => {
  await enrolPasskey(page, person)
  await logOut(page)
  await hideList(page)
  await page.goto('/users/log-in')
  const tab = await context.newPage()
  await tab.goto('/users/log-in')
  await expect(tab.getByRole('button', { name: button })).toBeEnabled()
  await page.bringToFront()
  await page.getByRole('button', { name: button }).click()
  await page.waitForURL((url) => url.pathname === '/')
  await expect(page.getByText(person.email)).toBeVisible()
})

test('a challenge that grew old while the page was open is replaced', async ({ page, person }) => {
  test.slow()
  const authenticator = await enrolPasskey(page, person)
  await logOut(page)
  let asked = 0
  await page.route('**/users/log-in/passkey/options', async (route) => {
    asked += 1
    if (asked === 2) await authenticator.setPresence(true) // now somebody chooses from the list
    const response = await route.fetch()
    const body = await response.json()
    const timeout = asked === 1 ? 1 : body.options.timeout // the shortest life a page waits for is half a minute
    await route.fulfill({ response, json: { options: { ...body.options, timeout } } })
  })
  await authenticator.setPresence(false)
  await page.goto('/users/log-in')
  await page.waitForURL((url) => url.pathname === '/', { timeout: 50_000 })
  expect(asked).toBe(2)
})

test('one button is filled where a passkey was used before, with JavaScript and without', async ({
  page,
  person,
  context,
  browser,
}) => {
  await enrolPasskey(page, person)
  await logOut(page)
  await hideList(page)
  await page.goto('/users/log-in')
  expect(await filledOf(page)).toEqual([button])

  const storageState = await context.storageState()
  const without = await browser.newContext({ storageState, javaScriptEnabled: false })
  const quiet = await without.newPage()
  await quiet.goto(page.url())
  expect(await filledOf(quiet)).toEqual(['Log in'])
  await without.close()
})

/** The visible buttons of a page that have a colour of their own. */
async function filledOf(page: Page): Promise<string[]> {
  const filled: string[] = []
  for (const each of await page.getByRole('button').all()) {
    await expect(each).toHaveCSS('background-color', /^(?:rgba\(0, 0, 0, 0\)|oklch.*)$/) // no longer changing
    const colour = await each.evaluate((element) => getComputedStyle(element).backgroundColor)
    if (colour.startsWith('oklch') && (await each.getAttribute('class'))?.startsWith('button'))
      filled.push((await each.textContent()) ?? '')
  }
  return filled
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('the pages show no button that could not work, and every other way is there', async ({
    page,
    person,
  }) => {
    await page.goto('/users/log-in')
    await expect(page.getByRole('button', { name: button })).toBeHidden()
    await expect(page.getByRole('heading', { name: 'Use password instead' })).toBeHidden()
    await person.registerAndConfirm(page)
    await person.logIn(page)
    await page.waitForURL('**/')
    await page.goto('/users/settings/mfa')
    await expect(page.getByRole('button', { name: 'Add a passkey' })).toBeHidden()
    await expect(page.getByText('Adding a passkey needs JavaScript.')).toBeVisible()
  })
})

test('a browser without passkeys says so, and signs in by the password', async ({ page, person }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'))
  await person.registerAndConfirm(page)
  await page.goto('/users/log-in')
  await expect(page.getByText('This browser can’t use passkeys.')).toBeVisible()
  await person.logIn(page)
  await page.waitForURL('**/')
})

test('the script of passkeys is a chunk of its own, of at most 8 kB, and no other page loads it', async ({
  page,
}) => {
  const scripts = new Map<string, number>()
  page.on('response', async (response) => {
    if (!response.url().endsWith('.js')) return
    const text = await response.text().catch(() => '')
    if (text.includes('navigator.credentials')) scripts.set(response.url(), gzipSync(text).length)
  })
  await page.goto('/', { waitUntil: 'networkidle' })
  await page.goto('/users/register', { waitUntil: 'networkidle' })
  expect(scripts.size).toBe(0)
  await page.goto('/users/log-in', { waitUntil: 'networkidle' })
  await expect.poll(() => [...scripts.values()]).toHaveLength(1)
  expect(Math.max(...scripts.values())).toBeLessThanOrEqual(8192)
})
