import { readFile } from 'node:fs/promises'
import { query } from './support/database.ts'
import { waitForMail } from './support/mails.ts'
import { expect, test } from './support/test.ts'

test.use({ javaScriptEnabled: false })

test('somebody downloads their data with JavaScript off, and is told by email', async ({ page, person }) => {
  await person.registerAndConfirm(page)
  await person.logIn(page)
  await page.goto('/users/settings/data')
  const waiting = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download my data' }).click()
  const download = await waiting
  expect(download.suggestedFilename()).toBe('account-data.json')
  const data: unknown = JSON.parse(await readFile(await download.path(), 'utf8'))
  expect(data).toMatchObject({ schemaVersion: 1, account: { email: person.email }, sessions: [{}] })
  await waitForMail(person.email, /data was downloaded/i)

  // As a document would that the app has no more: the page lets on whoever waits for it.
  await query(
    `update user_sessions set awaiting = 'consent' where user_id = (select id from users where email = $1)`,
    [person.email],
  )
  await page.goto('/dashboard')
  await expect(page).toHaveURL('/users/consent?redirectTo=%2Fdashboard')
  await page.getByRole('button', { name: 'Accept and continue' }).click()
  await expect(page).toHaveURL('/dashboard')
})
