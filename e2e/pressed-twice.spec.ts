import type { BrowserContext, Locator, Page } from '@playwright/test'
import { query } from './support/database.ts'
import { type HeldAnswers, holdAnswers } from './support/held-answers.ts'
import { allMailsTo, waitForMail } from './support/mails.ts'
import { expect, test } from './support/test.ts'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with script' : 'without script', () => {
    let held: HeldAnswers
    let context: BrowserContext
    let page: Page

    test.beforeEach(async ({ browser, origin, extraHTTPHeaders }) => {
      held = await holdAnswers()
      context = await browser.newContext({
        baseURL: origin,
        javaScriptEnabled,
        proxy: held.proxy,
        ...(extraHTTPHeaders === undefined ? {} : { extraHTTPHeaders }),
      })
      page = await context.newPage()
    })
    test.afterEach(async () => {
      await context.close()
      await held.stop()
    })

    /**
     * Presses Enter again while the first answer is held. By key: Playwright would wait with a click for the answer.
     * Without script the second press sends the form again: both are answered before an answer is handed on.
     */
    const pressTwice = async (button: Locator) => {
      const before = held.answered
      held.hold()
      await button.focus()
      await page.keyboard.press('Enter')
      await expect.poll(() => held.answered).toBe(before + 1)
      await page.keyboard.press('Enter')
      if (!javaScriptEnabled) await expect.poll(() => held.answered).toBe(before + 2)
      held.release()
    }
    const countMails = async (address: string, subject: RegExp) =>
      (await allMailsTo(address)).filter((mail) => subject.test(mail.subject)).length
    const sent = (path: string) => held.posts.filter((each) => each.startsWith(path)).length

    test('TOK-01 a magic link signs in, into one session', async ({ person, page: plain }) => {
      await person.registerAndConfirm(plain)
      await plain.goto('/users/log-in')
      await plain.getByLabel('Email').fill(person.email)
      await plain.getByRole('button', { name: 'Email me a magic link' }).click()
      const { link } = await waitForMail(person.email, /log in/i)
      await page.goto(link)
      await pressTwice(page.getByRole('button', { name: 'Log in' }))
      await expect(page).toHaveURL('/')
      await expect(page.getByText(person.email)).toBeVisible()
      expect(sent('/users/log-in/continue')).toBe(javaScriptEnabled ? 1 : 2)
      const sessions = await query(
        'select 1 from user_sessions s join users u on u.id = s.user_id where u.email = $1',
        [person.email],
      )
      expect(sessions).toHaveLength(1)
    })

    test('PRE-08 PRE-14 registering and confirming mail once each, and both work, into one session', async ({
      person,
    }) => {
      await page.goto('/users/register')
      await page.getByLabel('Email').fill(person.email)
      await page.getByLabel('Password', { exact: true }).fill(person.password)
      await pressTwice(page.getByRole('button', { name: 'Create account' }))
      await page.waitForURL('**/users/confirm?*')
      const { link } = await waitForMail(person.email, /confirm/i)
      await page.goto(link)
      await pressTwice(page.getByRole('button', { name: 'Confirm' }))
      await expect(page.getByText('Your email address is confirmed.')).toBeVisible()
      await expect(page.getByText(person.email).first()).toBeVisible()
      const sessions = await query(
        'select 1 from user_sessions s join users u on u.id = s.user_id where u.email = $1',
        [person.email],
      )
      expect(sessions).toHaveLength(1)
      expect(await countMails(person.email, /^confirm/i)).toBe(1)
      expect(await countMails(person.email, /confirmed/i)).toBe(1)
      expect(await countMails(person.email, /./)).toBe(2)
      await page.goto(link)
      await expect(page.getByRole('heading', { name: 'Already confirmed' })).toBeVisible()
    })

    test('TOK-01 a reset saves the password, and mails once that it did', async ({ person, page: plain }) => {
      await person.registerAndConfirm(plain)
      await plain.goto('/users/reset-password')
      await plain.getByLabel('Email').fill(person.email)
      await plain.getByRole('button', { name: 'Email me a link' }).click()
      const { link } = await waitForMail(person.email, /reset|password/i)
      await page.goto(link)
      const password = `another ${person.password}`
      await page.getByLabel('New password', { exact: true }).fill(password)
      await page.getByLabel('Repeat the new password').fill(password)
      await pressTwice(page.getByRole('button', { name: 'Save password' }))
      await expect(page.getByText('Your new password is saved.')).toBeVisible()
      expect(await countMails(person.email, /was changed/i)).toBe(1)
      await person.logIn(plain, { password })
      await expect(plain).toHaveURL('/')
    })

    test('who stopped the browser may press again', async () => {
      test.skip(!javaScriptEnabled, 'without script nothing holds a press back')
      test.slow() // ten seconds pass before somebody who stopped may press again
      // By key: Playwright would wait with a script for the answer.
      await page.addInitScript(() => {
        window.addEventListener('keydown', ({ key }) => {
          if (key === 'F9') window.stop()
        })
      })
      await page.goto('/users/log-in')
      await page.getByLabel('Email').fill('nobody@example.com')
      await page.getByLabel('Password', { exact: true }).fill('whatever it was')
      const press = (key = 'Enter') => page.keyboard.press(key)
      const logIns = () => held.posts.filter((each) => each === '/users/log-in').length
      held.hold()
      await press()
      await expect.poll(logIns).toBe(1)
      await press()
      await press('F9')
      const pressOn = async () => {
        await press()
        return logIns()
      }
      await expect.poll(pressOn, { timeout: 30_000, intervals: [1000] }).toBe(2)
    })
  })
}
