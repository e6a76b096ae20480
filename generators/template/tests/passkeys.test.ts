// sigra:file passkeys
import { randomBytes } from 'node:crypto'
import { createSoftwarePasskey } from '@sigra/dev/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type Browser, type TestApp } from './support/app.ts'

const password = 'a quiet river under stones'
const settings = '/users/settings/mfa/passkeys'

/** What the server hands to the browser's own dialogs. */
interface LogIn {
  options: { challenge: string; rpId: string; allowCredentials: unknown[] }
}
interface Enrolment {
  options: { challenge: string; rp: { id: string }; user: { id: string } }
}

let app: TestApp
let origin: string

beforeAll(async () => {
  app = await startTestApp()
  origin = app.sigra.runtime.origin.origin
})
afterAll(() => app.stop())

describe('a passkey', () => {
  it('signs its owner in, to where they wanted to go', async () => {
    const { email, passkey } = await enrol()
    const browser = app.openBrowser()
    const { options } = await browser.postJson<LogIn>('/users/log-in/passkey/options', {})
    expect(options.allowCredentials).toEqual([])
    const answer = { response: passkey.authenticate(options, origin), redirectTo: '/dashboard' }
    expect(await browser.postJson('/users/log-in/passkey', answer)).toEqual({ redirect: '/dashboard' })
    expect((await browser.get('/dashboard')).html).toContain(email)
    // It works once.
    const again = await browser.postJson('/users/log-in/passkey', answer)
    expect(again).toMatchObject({ reason: 'invalid-passkey', message: expect.any(String) })
  })

  it('is told to its owner', async () => {
    const { email } = await enrol()
    const { text } = await app.waitForMail(email, /passkey was added/i)
    expect(text).toContain('/users/not-me/')
  })

  it('gets another name, and is removed', async () => {
    const { browser } = await enrol()
    const path = `${settings}/${await findId(browser)}`
    await browser.post(path, { intent: 'rename', nickname: 'Blue phone' })
    expect((await browser.get('/users/settings/mfa')).html).toContain('Blue phone')
    await browser.post(path, { intent: 'remove' })
    expect((await browser.get('/users/settings/mfa')).html).not.toContain('Blue phone')
  })

  it('is nobody else’s to rename or to remove', async () => {
    const { browser } = await enrol()
    const stranger = await enrol()
    const path = `${settings}/${await findId(browser)}`
    expect((await stranger.browser.post(path, { intent: 'remove' })).status).toBe(404)
    expect((await stranger.browser.post(path, { intent: 'rename', nickname: 'x' })).status).toBe(404)
  })

  it('is added by who is signed in, and by nobody else', async () => {
    const asked = await app.openBrowser().postJson(`${settings}/options`, {})
    expect(asked).toEqual({ redirect: '/users/sudo?redirectTo=%2Fusers%2Fsettings%2Fmfa' })
  })
})

async function enrol() {
  const email = `${randomBytes(8).toString('hex')}@example.com`
  const browser = app.openBrowser()
  await browser.post('/users/register', { email, password })
  const { text } = await app.waitForMail(email, /confirm/i)
  const link = await browser.get(/\/users\/confirm\/[\w-]+/.exec(text)?.[0] ?? '')
  const path = link.location ?? ''
  await browser.post(path, { f: new URL(path, origin).searchParams.get('f') ?? '' })
  await browser.post('/users/log-in', { intent: 'password', email, password })

  const passkey = createSoftwarePasskey()
  const { options } = await browser.postJson<Enrolment>(`${settings}/options`, {})
  const added = await browser.postJson(settings, { response: passkey.enrol(options, origin) })
  expect(added).toEqual({ redirect: '/users/settings/mfa' })
  return { email, browser, passkey }
}

async function findId(browser: Browser): Promise<string> {
  const { html } = await browser.get('/users/settings/mfa')
  return /mfa\/passkeys\/([\w-]+)"/.exec(html)?.[1] ?? ''
}
