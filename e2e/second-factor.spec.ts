import { readFile } from 'node:fs/promises'
import {
  answer,
  answerByBackupCode,
  enrol,
  readBackupCodes,
  scan,
  spaced,
  switchOn,
} from './support/authenticator.ts'
import { sayYes } from './support/ask-first.ts'
import { query } from './support/database.ts'
import { logOut } from './support/log-out.ts'
import { waitForMail } from './support/mails.ts'
import { expect, test } from './support/test.ts'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'with JavaScript off', () => {
    test.use({ javaScriptEnabled })

    test('someone switches an authenticator app on, and signs in by its code from then on', async ({
      page,
      person,
    }) => {
      const { nextCode, backupCodes } = await enrol(page, person)
      expect(new Set(backupCodes).size).toBe(10)
      await waitForMail(person.email, /two-step verification is on/i)
      await page.getByRole('link', { name: 'I’ve saved my codes' }).click()
      await expect(page.getByText('10 backup codes left')).toBeVisible()
      await expect(page.locator('.codes')).toHaveCount(0)

      await logOut(page)
      await page.goto('/dashboard')
      await person.logIn(page)
      await page.waitForURL('**/users/mfa')
      await answer(page, nextCode())
      await page.waitForURL((url) => url.pathname === '/')
      await expect(page.getByText(person.email)).toBeVisible()
    })

    test('the way back survives both steps', async ({ page, person }) => {
      const { nextCode } = await enrol(page, person)
      await logOut(page)
      await page.goto('/dashboard')
      await page.getByLabel('Email').fill(person.email)
      await page.getByLabel('Password', { exact: true }).fill(person.password)
      await page.getByRole('button', { name: 'Log in' }).click()
      await expect(page).toHaveURL(/\/users\/mfa\?redirectTo=%2Fdashboard$/)
      await answer(page, '000000')
      await expect(page).toHaveURL(/\/users\/mfa\?redirectTo=%2Fdashboard$/)
      await answer(page, nextCode())
      await expect(page).toHaveURL(/\/dashboard$/)
    })

    test('MFA-02: a wrong code is refused, and so is the same one again', async ({
      page,
      person,
      otherBrowser,
    }) => {
      const { nextCode, backupCodes } = await enrol(page, person)
      await logOut(page)
      await person.logIn(page)
      await answer(page, '000000')
      await expect(page.getByText('That code is wrong.')).toBeVisible()
      const typed = nextCode()
      await answer(page, typed)
      await page.waitForURL((url) => url.pathname === '/')

      const elsewhere = await otherBrowser.newPage()
      await person.logIn(elsewhere)
      await answer(elsewhere, typed)
      await expect(elsewhere.getByText('That code has already been used.')).toBeVisible()
      await answerByBackupCode(elsewhere, backupCodes[0] ?? '')
      await elsewhere.waitForURL((url) => url.pathname === '/')
    })

    test('MFA-07: a backup code signs its owner in, once, and they are told', async ({ page, person }) => {
      const { backupCodes } = await enrol(page, person)
      const [first = ''] = backupCodes
      await logOut(page)
      await person.logIn(page)
      await answerByBackupCode(page, first.toUpperCase().replaceAll('-', ' '))
      await page.waitForURL((url) => url.pathname === '/')
      await waitForMail(person.email, /backup code/i)

      await logOut(page)
      await person.logIn(page)
      await answerByBackupCode(page, first)
      await expect(page.getByText('That backup code is wrong or has already been used.')).toBeVisible()
    })

    test('whoever must have a second step sets one up before anything else', async ({ page, person }) => {
      await person.registerAndConfirm(page)
      await query('update users set require_second_step = true where email = $1', [person.email])
      await person.logIn(page)
      await page.waitForURL('**/users/mfa/enroll')
      for (const path of ['/dashboard', '/users/settings/password', '/users/mfa', '/users/sudo']) {
        await page.goto(path)
        await expect(page).toHaveURL(/\/users\/mfa\/enroll/)
      }

      await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
      await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible()
      const code = await scan(page)
      await page.getByLabel('Code from your authenticator app').fill('000 000')
      await page.getByRole('button', { name: 'Turn on' }).click()
      await expect(page.getByText('That code is wrong.')).toBeVisible()
      await page.getByLabel('Code from your authenticator app').fill(spaced(code()))
      await page.getByRole('button', { name: 'Turn on' }).click()
      expect(await readBackupCodes(page)).toHaveLength(10)
      await page.getByRole('link', { name: 'I’ve saved my codes' }).click()
      await expect(page.getByText(person.email)).toBeVisible()
      await page.goto('/dashboard')
      await expect(page).toHaveURL(/\/dashboard$/)
    })

    test('the app is switched off again, and one step is enough', async ({ page, person }) => {
      await enrol(page, person)
      await page.goto('/users/settings/mfa')
      await sayYes(page, 'Turn off')
      await expect(page.getByText('Your authenticator app is turned off.')).toBeVisible()
      await expect(page.getByRole('button', { name: 'Set up an authenticator app' })).toBeVisible()
      await logOut(page)
      await person.logIn(page)
      await page.waitForURL((url) => url.pathname === '/')
    })
  })
}

test('backup codes are there once: to download, to print, and not to find again', async ({
  page,
  person,
}) => {
  const { backupCodes } = await enrol(page, person)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('backup-codes.txt')
  const text = await readFile(await download.path(), 'utf8')
  for (const code of backupCodes) expect(text).toContain(code)
  await expect(page.getByRole('button', { name: 'Print' })).toBeVisible()

  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('link', { name: 'Download' })).toBeHidden()
  await expect(page.locator('.codes code')).toHaveCount(10)
  await page.emulateMedia({ media: 'screen' })

  await page.goto('/users/settings/mfa')
  await page.goBack()
  await expect(page.locator('.codes code')).toHaveCount(0)
})

test('what stands below the codes stays where it is when the script arrives: a press meets what it was meant for', async ({
  page,
  person,
}) => {
  await enrol(page, person)
  await page.goto('/users/settings/mfa')
  const { promise: arrival, resolve: arrive } = Promise.withResolvers<void>()
  await page.route(/\.js$/, async (route) => {
    await arrival
    await route.continue()
  })
  await page.getByRole('button', { name: 'Get new codes' }).click({ noWaitAfter: true })
  await expect(page.locator('.codes code')).toHaveCount(10)
  const link = page.getByRole('link', { name: 'I’ve saved my codes' })
  const before = await link.boundingBox()
  arrive()
  await expect(page.getByRole('button', { name: 'Print' })).toBeEnabled()
  expect(await link.boundingBox()).toEqual(before)
  await link.click()
  await expect(page.locator('.codes code')).toHaveCount(0)
})

test('MFA-07: new codes end the former ones', async ({ page, person, otherBrowser }) => {
  const { backupCodes } = await enrol(page, person)
  await page.goto('/users/settings/mfa')
  await page.getByRole('button', { name: 'Get new codes' }).click()
  const fresh = await readBackupCodes(page)
  expect(fresh.filter((code) => backupCodes.includes(code))).toEqual([])

  const elsewhere = await otherBrowser.newPage()
  await person.logIn(elsewhere)
  await answerByBackupCode(elsewhere, backupCodes[0] ?? '')
  await expect(elsewhere.getByText('That backup code is wrong')).toBeVisible()
  await answerByBackupCode(elsewhere, fresh[0] ?? '')
  await elsewhere.waitForURL((url) => url.pathname === '/')
})

test('somebody with few backup codes left is told when they sign in', async ({ page, person }) => {
  const { nextCode } = await enrol(page, person)
  await query(
    `update user_backup_codes set used_at = now() where id in (
      select b.id from user_backup_codes b join users u on u.id = b.user_id where u.email = $1 limit 7)`,
    [person.email],
  )
  await logOut(page)
  await person.logIn(page)
  await answer(page, nextCode())
  await expect(page.getByText('You have 3 backup codes left.')).toBeVisible()
})

test('MFA-05: the fifth wrong code ends the sign-in', async ({ page, person }) => {
  const { nextCode } = await enrol(page, person)
  await logOut(page)
  await person.logIn(page)
  for (let n = 0; n < 5; n += 1) await answer(page, '000000')
  await page.waitForURL('**/users/log-in*')
  await expect(page.getByText('too many codes were wrong')).toBeVisible()
  await page.goto('/users/mfa')
  await page.waitForURL('**/users/log-in*')
  await person.logIn(page)
  await answer(page, nextCode())
  await page.waitForURL((url) => url.pathname === '/')
})

test.describe('a trusted browser', () => {
  test('skips the second step and nothing else', async ({ page, person, otherBrowser }) => {
    const { nextCode } = await enrol(page, person)
    await logOut(page)
    await person.logIn(page)
    await answer(page, nextCode(), { trustBrowser: true })
    await page.waitForURL((url) => url.pathname === '/')
    await logOut(page)

    await person.logIn(page, { password: 'certainly not this one' })
    await expect(page.getByText('The email address or password is wrong.')).toBeVisible()
    await person.logIn(page)
    await page.waitForURL((url) => url.pathname === '/')

    const elsewhere = await otherBrowser.newPage()
    await person.logIn(elsewhere)
    await elsewhere.waitForURL('**/users/mfa')
  })

  test('TB-05 MFA-09: does not stand in for the second factor where settings are changed', async ({
    page,
    person,
  }) => {
    const { nextCode } = await enrol(page, person)
    await logOut(page)
    await person.logIn(page)
    await answer(page, nextCode(), { trustBrowser: true })
    await page.waitForURL((url) => url.pathname === '/')
    await logOut(page)
    await person.logIn(page)
    await page.waitForURL((url) => url.pathname === '/')
    await page.goto('/users/settings/mfa')
    await expect(page).toHaveURL(/\/users\/sudo\?/)
    await expect(page.getByLabel('Password', { exact: true })).toBeHidden() // alone it is the weaker factor
    await page.getByLabel('Code', { exact: true }).fill('000 000')
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(page).toHaveURL(/\/users\/sudo/)
    await page.goto('/users/settings/mfa')
    await expect(page).toHaveURL(/\/users\/sudo\?/)
  })

  test('TB-03: is asked again once the app was switched off and on', async ({ page, person }) => {
    const { nextCode } = await enrol(page, person)
    await logOut(page)
    await person.logIn(page)
    await answer(page, nextCode(), { trustBrowser: true })
    await page.waitForURL((url) => url.pathname === '/')
    await page.goto('/users/settings/mfa')
    await sayYes(page, 'Turn off')
    await expect(page.getByText('is turned off')).toBeVisible()
    await switchOn(page)
    await logOut(page)
    await person.logIn(page)
    await page.waitForURL('**/users/mfa')
  })
})

test.describe('two tabs', () => {
  test('of the setup: the last code to scan counts', async ({ page, person, context }) => {
    await person.registerAndConfirm(page)
    await person.logIn(page)
    await page.waitForURL((url) => url.pathname === '/')
    await page.goto('/users/settings/mfa')
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
    const older = await scan(page)
    const second = await context.newPage()
    await second.goto('/users/settings/mfa')
    await second.getByRole('button', { name: 'Start over' }).click()
    await expect.poll(async () => (await scan(second))()).not.toBe(older())
    const newer = await scan(second)

    await page.getByLabel('Code from your authenticator app').fill(spaced(older()))
    await page.getByRole('button', { name: 'Turn on' }).click()
    await expect(page.getByText('That code is wrong.')).toBeVisible()
    expect((await scan(page))()).toBe(newer())
    await second.getByLabel('Code from your authenticator app').fill(spaced(newer()))
    await second.getByRole('button', { name: 'Turn on' }).click()
    expect(await readBackupCodes(second)).toHaveLength(10)
  })

  test('of the challenge: the other one finds the door open', async ({ page, person, context }) => {
    const { nextCode } = await enrol(page, person)
    await logOut(page)
    await person.logIn(page)
    await page.waitForURL('**/users/mfa')
    const second = await context.newPage()
    await second.goto('/users/mfa')
    await answer(page, nextCode())
    await page.waitForURL((url) => url.pathname === '/')
    await second.getByLabel('Code from your authenticator app').fill(spaced(nextCode()))
    await second.getByRole('button', { name: 'Continue' }).click()
    await second.waitForURL((url) => url.pathname === '/')
    await expect(second.getByText(person.email)).toBeVisible()
  })
})

test('going back after the challenge leads on, not into it again', async ({ page, person }) => {
  const { nextCode } = await enrol(page, person)
  await logOut(page)
  await person.logIn(page)
  await answer(page, nextCode())
  await page.waitForURL((url) => url.pathname === '/')
  await page.goBack()
  await expect(page.getByText(person.email)).toBeVisible()
  await expect(page.getByLabel('Code from your authenticator app')).toHaveCount(0)
})

test('cancelling the challenge ends the sign-in', async ({ page, person }) => {
  await enrol(page, person)
  await logOut(page)
  await person.logIn(page)
  await page.waitForURL('**/users/mfa')
  await page.getByRole('button', { name: 'Cancel and log out' }).click()
  await page.waitForURL((url) => url.pathname === '/')
  await page.goto('/users/mfa')
  await page.waitForURL('**/users/log-in*')
})

test('a double click sends a form once, and signs in', async ({ page, person, openBrowser }) => {
  const { nextCode } = await enrol(page, person)
  const other = await (await openBrowser()).newPage()
  let sent = 0
  other.on('request', (request) => {
    if (request.method() === 'POST' && request.isNavigationRequest()) sent += 1
  })
  await other.goto('/users/log-in')
  await other.getByLabel('Email').fill(person.email)
  await other.getByLabel('Password', { exact: true }).fill(person.password)
  await other.getByRole('button', { name: 'Log in', exact: true }).dblclick()
  await other.waitForURL('**/users/mfa')
  await other.getByLabel('Code from your authenticator app').fill(spaced(nextCode()))
  await other.getByRole('button', { name: 'Continue' }).dblclick()
  await other.waitForURL((url) => url.pathname === '/')
  await expect(other.getByText(person.email)).toBeVisible()
  expect(sent).toBe(2)
})
