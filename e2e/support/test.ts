import { randomBytes, randomInt } from 'node:crypto'
import { type APIRequestContext, test as base, type BrowserContext, type Page } from '@playwright/test'
import { waitForMail, type Mail } from './mails.ts'

export interface Person {
  email: string
  password: string
  register(page: Page): Promise<Mail>
  /**
   * An account as if registered, confirmed by the link, and signed out again in this browser. Its cookies are those of
   * the page; the page opens nothing.
   */
  registerAndConfirm(page: Page): Promise<void>
  logIn(page: Page, options?: { password?: string; rememberMe?: boolean }): Promise<void>
}

interface Fixtures {
  origin: string
  person: Person
  /** A second, unrelated browser at the same address. */
  otherBrowser: BrowserContext
  /** As many more as a story needs. */
  openBrowser: () => Promise<BrowserContext>
}

/** Each test has an address of its own, so that no test meets another one's limits. */
export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern
  origin: async ({}, use) => {
    await use(process.env['E2E_ORIGIN'] ?? '')
  },
  baseURL: async ({ origin }, use) => {
    await use(origin)
  },
  // eslint-disable-next-line no-empty-pattern
  extraHTTPHeaders: async ({}, use) => {
    await use({ 'X-Forwarded-For': freshAddress() })
  },
  page: async ({ page }, use, info) => {
    await use(page)
    if (info.status !== info.expectedStatus) info.errors.push({ message: await whatItShows(page) })
  },
  // eslint-disable-next-line no-empty-pattern
  person: async ({}, use) => {
    await use(createPerson())
  },
  openBrowser: async ({ browser, origin, extraHTTPHeaders, javaScriptEnabled }, use) => {
    const contexts: BrowserContext[] = []
    await use(async () => {
      const context = await browser.newContext({
        baseURL: origin,
        javaScriptEnabled,
        ...(extraHTTPHeaders === undefined ? {} : { extraHTTPHeaders }),
      })
      contexts.push(context)
      return context
    })
    for (const context of contexts) await context.close()
  },
  otherBrowser: async ({ openBrowser }, use) => {
    await use(await openBrowser())
  },
})

export { expect } from '@playwright/test'

/** For the report of a test that failed where its screenshots are not kept. */
async function whatItShows(page: Page): Promise<string> {
  const text = await page
    .locator('body')
    .innerText({ timeout: 5_000 })
    .catch(() => '(no answer)')
  return `${page.url()} shows:\n${text.replaceAll(/^/gm, '  ')}`
}

export function freshAddress(): string {
  return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`
}

export function createPerson(): Person {
  const email = `person-${randomBytes(6).toString('hex')}@example.com`
  const password = `quiet river ${randomBytes(6).toString('hex')}`
  return {
    email,
    password,
    async register(page) {
      await page.goto('/users/register')
      await page.getByLabel('Email').fill(email)
      await page.getByLabel('Password', { exact: true }).fill(password)
      await page.getByRole('button', { name: 'Create account' }).click()
      await page.waitForURL('**/users/confirm?*')
      return waitForMail(email, /confirm/i)
    },
    async registerAndConfirm({ request }) {
      await send(request, '/users/register', { email, password })
      const { link } = await waitForMail(email, /confirm/i)
      const opened = await request.get(link)
      const f = new URL(opened.url()).searchParams.get('f') ?? ''
      await send(request, new URL(opened.url()).pathname, { f })
      await send(request, '/users/log-out', {})
    },
    async logIn(page, { password: typed = password, rememberMe = false } = {}) {
      await page.goto('/users/log-in')
      await page.getByLabel('Email').fill(email)
      await page.getByLabel('Password', { exact: true }).fill(typed)
      if (rememberMe) await page.getByLabel(/remember/i).check()
      await page.getByRole('button', { name: 'Log in' }).click()
    },
  }
}

/** Sends a form as a page of the app would, and wants to be sent on. */
async function send(request: APIRequestContext, path: string, form: Record<string, string>): Promise<void> {
  const headers = { origin: process.env['E2E_ORIGIN'] ?? '', 'sec-fetch-site': 'same-origin' }
  const answer = await request.post(path, { form, headers, maxRedirects: 0 })
  if (answer.status() !== 303)
    throw new Error(`POST ${path} answered ${answer.status()}: ${await answer.text()}`)
}
