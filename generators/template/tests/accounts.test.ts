import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { User } from '../app/accounts/entities/user.ts'
import { startTestApp, type Browser, type TestApp } from './support/app.ts'

const password = 'a quiet river under stones'
let app: TestApp

beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.stop())

describe('registering', () => {
  it('mails a link and a code, and the link confirms', async () => {
    const { browser, email } = await register()
    expect(await findUser(email)).toMatchObject({ email, confirmedAt: null })

    const page = await browser.get(await followLink(browser, email, /^confirm your/i))
    expect(page.html).toContain('Confirm my address')
    await confirm(browser, email)
    expect((await findUser(email))?.confirmedAt).toBeInstanceOf(Date)
  })

  it('confirms by the code, in the browser that registered', async () => {
    const { browser, email } = await register()
    const { text } = await app.waitForMail(email, /^confirm your/i)
    const code = text.match(/\b\d{6}\b/)?.[0] ?? ''

    const elsewhere = await app.openBrowser().post('/users/confirm', { email, code })
    expect(elsewhere.location).not.toBe('/users/log-in')
    expect(await browser.post('/users/confirm', { email, code })).toMatchObject({ location: '/users/log-in' })
  })

  it('answers a taken address like a free one, and tells its owner', async () => {
    const { email } = await registerAndConfirm()
    const taken = await app.openBrowser().post('/users/register', { email, password })
    const free = await app.openBrowser().post('/users/register', { email: createEmail(), password })
    expect([taken.status, taken.location]).toEqual([free.status, free.location])
    await app.waitForMail(email, /already/i)
  })

  it('says what is wrong with a form, keeps the address and never the password', async () => {
    const page = await app
      .openBrowser()
      .post('/users/register', { email: 'me@example.com', password: 'short' })
    expect(page.status).toBe(400)
    expect(page.html).toContain('aria-invalid="true"')
    expect(page.html).toContain('value="me@example.com"')
    expect(page.html).not.toContain('short')
  })

  it('asks in another browser for the password chosen at registration', async () => {
    const { email } = await register()
    const other = app.openBrowser()
    const path = await followLink(other, email, /^confirm your/i)
    const f = readFlow(path)

    expect((await other.post(path, { f, intent: 'confirm', password: 'not that one' })).status).toBe(400)
    expect(await other.post(path, { f, intent: 'confirm', password })).toMatchObject({
      location: '/users/log-in',
    })
  })

  it('takes a new password there, typed twice alike', async () => {
    const { email } = await register()
    const other = app.openBrowser()
    const path = await followLink(other, email, /confirm/i)
    const form = { f: readFlow(path), intent: 'new-password', password: `${password}, anew` }

    const refused = await other.post(path, { ...form, passwordConfirmation: password })
    expect(refused.status).toBe(400)
    expect(refused.html).toContain('The two passwords differ.')
    expect(await findUser(email)).toMatchObject({ confirmedAt: null })

    const typed = { ...form, passwordConfirmation: form.password }
    expect(await other.post(path, typed)).toMatchObject({ location: '/users/log-in' })
    expect((await other.post('/users/log-in', { email, password: form.password })).status).toBe(303)
  })

  it('removes a registration that its owner did not ask for', async () => {
    const { email } = await register()
    const owner = app.openBrowser()
    const path = await followLink(owner, email, /^confirm your/i)
    await owner.post(path, { f: readFlow(path), intent: 'not-mine' })
    expect(await findUser(email)).toBeNull()
  })
})

describe('logging in', () => {
  it('leads back to the protected page, and logging out locks it again', async () => {
    const { browser, email } = await registerAndConfirm()
    expect((await browser.get('/dashboard')).location).toBe('/users/log-in?redirectTo=%2Fdashboard')

    const redirectTo = '/dashboard'
    expect(await browser.post('/users/log-in', { email, password, redirectTo })).toMatchObject({
      location: redirectTo,
    })
    expect((await browser.get('/dashboard')).html).toContain(email)

    expect(await browser.post('/users/log-out', {})).toMatchObject({ location: '/' })
    expect((await browser.get('/dashboard')).status).toBe(303)
  })

  it('answers wrong, unknown and unconfirmed alike', async () => {
    const { email: confirmed } = await registerAndConfirm()
    const { email: unconfirmed } = await register()
    const attempts = [
      { email: confirmed, password: 'not that one' },
      { email: unconfirmed, password },
      { email: createEmail(), password },
    ]
    for (const attempt of attempts) {
      const page = await app.openBrowser().post('/users/log-in', attempt)
      expect(page.status).toBe(400)
      expect(page.html).toContain('Invalid email or password.')
    }
  })

  it('sends nobody to another site', async () => {
    const { browser, email } = await registerAndConfirm()
    const page = await browser.post('/users/log-in', { email, password, redirectTo: '//example.org' })
    expect(page.location).toBe('/')
  })

  it('slows down whoever keeps guessing', async () => {
    const browser = app.openBrowser()
    const statuses = []
    for (let guess = 0; guess < 12; guess += 1) {
      statuses.push((await browser.post('/users/log-in', { email: createEmail(), password })).status)
    }
    expect(statuses.at(-1)).toBe(429)
  })
})

describe('resetting a password', () => {
  it('ends every session, and only the new password works', async () => {
    const { browser, email } = await registerAndConfirm()
    await browser.post('/users/log-in', { email, password })
    const elsewhere = app.openBrowser()
    await elsewhere.post('/users/reset-password', { email })

    const path = await followLink(elsewhere, email, /password/i)
    const renewed = `${password}, anew`
    const form = { f: readFlow(path), password: renewed, passwordConfirmation: renewed }
    expect(await elsewhere.post(path, form)).toMatchObject({ location: '/users/log-in' })

    expect((await browser.get('/dashboard')).status).toBe(303)
    expect((await browser.post('/users/log-in', { email, password })).status).toBe(400)
    expect((await browser.post('/users/log-in', { email, password: renewed })).status).toBe(303)
  })

  it('says of a link that was used that it is no good, and of a page without one that it is out of date', async () => {
    const { browser, email } = await registerAndConfirm()
    const { text } = await app.waitForMail(email, /^confirm your/i)
    const used = await browser.get((await browser.get(readLink(text))).location ?? '')
    expect(used.html).toContain('Confirmation link is invalid or it has expired.')
    expect((await browser.get('/users/reset-password/continue?f=gone')).html).toContain('out of date')
  })
})

describe('saying that it was somebody else', () => {
  it('signs everyone out, takes the password away, and mails the way back in', async () => {
    const { browser, email } = await registerAndConfirm()
    await browser.post('/users/log-in', { email, password })
    const elsewhere = app.openBrowser()
    const path = await followLink(elsewhere, email, /confirmed/i)
    expect((await elsewhere.get(path)).html).toContain('the address was confirmed')
    expect((await browser.get('/dashboard')).status).toBe(200) // looking at the page changes nothing

    expect(await elsewhere.post(path, { f: readFlow(path) })).toMatchObject({ location: '/users/log-in' })
    expect((await browser.get('/dashboard')).status).toBe(303)
    expect((await browser.post('/users/log-in', { email, password })).status).toBe(400)

    const back = await followLink(elsewhere, email, /choose a new password/i)
    const renewed = `${password}, anew`
    await elsewhere.post(back, { f: readFlow(back), password: renewed, passwordConfirmation: renewed })
    expect((await elsewhere.post('/users/log-in', { email, password: renewed })).status).toBe(303)
  })
})

describe('accounts.server.ts', () => {
  it('signs an account out everywhere', async () => {
    const { browser, email } = await registerAndConfirm()
    await browser.post('/users/log-in', { email, password })
    const user = await findUser(email)
    expect(await app.accounts.deleteAllUserSessionTokens(browser.args('/'), user?.id ?? '')).toBe(1)
    expect((await browser.get('/dashboard')).status).toBe(303)
  })
})

function createEmail(): string {
  return `${randomBytes(6).toString('hex')}@example.com`
}

function findUser(email: string): Promise<User | null> {
  return app.sigra.runtime.orm.em.fork().findOne(User, { email })
}

async function register(): Promise<{ browser: Browser; email: string }> {
  const browser = app.openBrowser()
  const email = createEmail()
  expect(await browser.post('/users/register', { email, password })).toMatchObject({
    location: '/users/log-in',
  })
  return { browser, email }
}

async function registerAndConfirm(): Promise<{ browser: Browser; email: string }> {
  const { browser, email } = await register()
  await confirm(browser, email)
  return { browser, email }
}

async function confirm(browser: Browser, email: string): Promise<void> {
  const path = await followLink(browser, email, /^confirm your/i)
  expect(await browser.post(path, { f: readFlow(path) })).toMatchObject({ location: '/users/log-in' })
}

/** Opens the link of a mail. Its token leaves the address at once; what is left is the page to post to. */
async function followLink(browser: Browser, email: string, subject: RegExp): Promise<string> {
  const { text } = await app.waitForMail(email, subject)
  const { location } = await browser.get(readLink(text))
  return location ?? ''
}

function readLink(text: string): string {
  return text.match(/https?:\/\/\S+\/(?:confirm|reset-password|not-me)\/[\w-]+/)?.[0] ?? ''
}

function readFlow(path: string): string {
  return new URL(path, 'http://localhost').searchParams.get('f') ?? ''
}
