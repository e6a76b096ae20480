import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { freshEmail, password } from '../support/account.ts'
import { query } from '../support/database.ts'
import { Client } from '../support/http.ts'
import { expect, test } from '../support/test.ts'

const NUMBER = /mention this number: (?:<!-- -->)?<code>([^<]+)<\/code>/

test('CFG-04 the page of an action that failed shows the number of its log line', async () => {
  const email = freshEmail()
  await whileAccountsFail(email, async () => {
    const answer = await new Client().post('/users/register', { email, password })
    expect(answer.status).toBe(500)
    expect(answer.body).toContain('<title>Something went wrong</title>')
    const [, shown] = NUMBER.exec(answer.body) ?? []
    expect(shown).toBe(answer.headers['x-request-id'])
    await expectLogged(shown)
    expect(answer.body).not.toMatch(/node_modules|broken on purpose|at \w+ \(/)
  })
})

test('the number stays when scripts take over, and no page that came through carries one', async ({
  page,
}) => {
  const errors: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())))
  const email = freshEmail()
  await whileAccountsFail(email, async () => {
    await page.goto('/users/register')
    await expect(page.locator('html')).not.toHaveAttribute('data-request-id')
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(password)
    const answered = page.waitForResponse((response) => response.request().method() === 'POST')
    // As the browser sends it where no script does: the answer is a document.
    await page.locator('form').evaluate((form: HTMLFormElement) => form.submit())
    const shown = (await answered).headers()['x-request-id'] ?? ''
    await page.waitForFunction(() => document.readyState === 'complete')
    await page.waitForLoadState('networkidle')
    await expect(page.getByText(shown)).toBeVisible()
  })
  expect(errors.filter((text) => !text.includes('status of 500'))).toEqual([])
})

test('a number that belongs to another request is not shown', async ({ page }) => {
  const email = freshEmail()
  await whileAccountsFail(email, async () => {
    await page.goto('/users/register')
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Create account' }).click()
    await expect(page.getByRole('heading', { name: 'Something went wrong' })).toBeVisible()
    await expect(page.getByText('mention this number')).toHaveCount(0)
  })
})

test('the number of a page that was not found is not shown for what fails after it', async ({ page }) => {
  const email = freshEmail()
  await whileAccountsFail(email, async () => {
    await page.goto('/nothing/here')
    await expect(page.locator('html')).toHaveAttribute('data-request-id', /./)
    await page.locator('header').getByRole('link').first().click() // without a new document
    await page
      .getByRole('link', { name: /register|account/i })
      .first()
      .click()
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Create account' }).click()
    await expect(page.getByRole('heading', { name: 'Something went wrong' })).toBeVisible()
    await expect(page.getByText('mention this number')).toHaveCount(0)
  })
})

async function expectLogged(requestId: string | undefined): Promise<void> {
  await expect
    .poll(async () => {
      const lines = (await readFile(process.env['E2E_LOG_FILE'] ?? '', 'utf8')).split('\n')
      return lines.some((line) => line.includes('request.failed') && line.includes(requestId ?? '-'))
    })
    .toBe(true)
}

/** The table of users takes everybody but this one: nothing else of the suite notices. */
async function whileAccountsFail(email: string, work: () => Promise<void>): Promise<void> {
  const name = `fail_${randomBytes(6).toString('hex')}`
  await query(`create function ${name}() returns trigger language plpgsql as
    $$ begin raise exception 'broken on purpose'; end $$`)
  await query(`create trigger ${name} before insert on users for each row when (new.email = '${email}')
    execute function ${name}()`)
  try {
    await work()
  } finally {
    await query(`drop function ${name}() cascade`)
  }
}
