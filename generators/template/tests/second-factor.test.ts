import { randomBytes } from 'node:crypto'
import { totpCode } from '@sigra/dev/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { User } from '../app/accounts/entities/user.ts'
import { startTestApp, type Browser, type Page, type TestApp } from './support/app.ts'

const password = 'a quiet river under stones'
let app: TestApp

beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.stop())

describe('an authenticator app', () => {
  it('is asked for from its first code on, and takes each code once', async () => {
    const { email, key } = await switchOn()
    const browser = await logIn(email)
    expect((await browser.get('/dashboard')).location).toBe('/users/mfa?redirectTo=%2Fdashboard')

    const code = totpCode(key, { steps: 1 })
    expect((await browser.post('/users/mfa?redirectTo=%2Fdashboard', { code })).location).toBe('/dashboard')
    expect((await browser.get('/dashboard')).html).toContain(email)

    const again = await (await logIn(email)).post('/users/mfa', { code })
    expect(again.status).toBe(400)
    expect(again.html).toContain('That code was used already.')
  })

  it('is told to its owner', async () => {
    const { email } = await switchOn()
    const { text } = await app.waitForMail(email, /second step/i)
    expect(text).toContain('/users/not-me/')
  })

  it('is switched off by who signed in with it, and then one step is enough', async () => {
    const { email, browser } = await switchOn()
    expect((await browser.post('/users/settings/mfa', { intent: 'disable' })).location).toBe(
      '/users/settings/mfa',
    )
    expect((await (await logIn(email)).get('/dashboard')).status).toBe(200)
  })

  it('ends the sign-in after five wrong codes', async () => {
    const { email, key } = await switchOn()
    const browser = await logIn(email)
    for (let n = 0; n < 4; n++)
      expect((await browser.post('/users/mfa', { code: '000000' })).status).toBe(400)
    expect((await browser.post('/users/mfa', { code: '000000' })).location).toBe('/users/log-in')
    expect((await browser.post('/users/mfa', { code: totpCode(key, { steps: 1 }) })).location).toBe(
      '/users/log-in',
    )
  })
})

describe('a backup code', () => {
  it('signs its owner in once, and tells them', async () => {
    const { email, codes } = await switchOn()
    const [backupCode = ''] = codes
    expect((await (await logIn(email)).post('/users/mfa', { backupCode })).location).toBe('/')
    await app.waitForMail(email, /backup code/i)
    expect((await (await logIn(email)).post('/users/mfa', { backupCode })).status).toBe(400)
  })

  it('is shown in one answer, which no cache keeps', async () => {
    const { codes, page, browser } = await switchOn()
    expect(codes).toHaveLength(10)
    expect(page.headers.get('Cache-Control')).toContain('no-store')
    expect((await browser.get('/users/settings/mfa')).html).not.toContain(codes[0])
  })
})

describe('whoever must have a second step', () => {
  it('sets one up before anything else', async () => {
    const email = await registerAndConfirm()
    await app.sigra.runtime.orm.em.fork().nativeUpdate(User, { email }, { requireSecondStep: true })
    const browser = await logIn(email)
    for (const path of ['/dashboard', '/users/settings', '/users/mfa']) {
      expect((await browser.get(path)).location).toMatch(/^\/users\/mfa\/enroll/)
    }
    await browser.post('/users/mfa/enroll', { intent: 'enroll' })
    const code = totpCode(readKey(await browser.get('/users/mfa/enroll')))
    const page = await browser.post('/users/mfa/enroll', { intent: 'activate', code })
    expect(readCodes(page)).toHaveLength(10)
    expect((await browser.get('/dashboard')).status).toBe(200)
  })
})

/** Somebody whose app is on, by its current code: the next one is accepted early. */
async function switchOn() {
  const email = await registerAndConfirm()
  const browser = await logIn(email)
  await browser.post('/users/settings/mfa', { intent: 'enroll' })
  const key = readKey(await browser.get('/users/settings/mfa'))
  const page = await browser.post('/users/settings/mfa', {
    intent: 'activate',
    code: totpCode(key),
  })
  return { email, browser, key, page, codes: readCodes(page) }
}

function readKey({ html }: Page): string {
  return html.match(/class="key">([A-Z2-7 ]+)</)?.[1] ?? ''
}

function readCodes({ html }: Page): string[] {
  return Array.from(html.matchAll(/<code>([0-9a-z]{4}(?:-[0-9a-z]{4}){3})<\/code>/g), ([, code = '']) => code)
}

async function registerAndConfirm(): Promise<string> {
  const browser = app.openBrowser()
  const email = `${randomBytes(6).toString('hex')}@example.com`
  await browser.post('/users/register', { email, password })
  const { text } = await app.waitForMail(email, /confirm/i)
  const code = text.match(/\b\d{6}\b/)?.[0] ?? ''
  await browser.post('/users/confirm', { email, code })
  return email
}

async function logIn(email: string): Promise<Browser> {
  const browser = app.openBrowser()
  await browser.post('/users/log-in', { intent: 'password', email, password })
  return browser
}
