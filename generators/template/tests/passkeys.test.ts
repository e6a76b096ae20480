// sigra:file passkeys
import { createSoftwarePasskey, type TestBrowser } from '@sigra/dev/testing'
import { describe, expect, it } from 'vitest'
import { words as accountWords } from '../app/accounts/words.ts'
import { words } from '../app/passkeys/words.ts'
import { paths } from '../app/paths.ts'
import { createPerson, findMail, openBrowser } from './support/app.ts'

const settings = `${paths.settingsMfa}/passkeys`
const origin = process.env.APP_ORIGIN ?? ''

/** What the server hands to the browser's own dialogs. */
interface LogIn {
  options: { challenge: string; rpId: string; allowCredentials: unknown[] }
}
interface Enrolment {
  options: { challenge: string; rp: { id: string }; user: { id: string } }
}

describe('a passkey', () => {
  it('signs its owner in, to where they wanted to go', async () => {
    const { email, passkey } = await enrol()
    const browser = openBrowser()
    const { options } = await browser.postJson<LogIn>(`${paths.logIn}/passkey/options`, {})
    expect(options.allowCredentials).toEqual([])
    const answer = { response: passkey.authenticate(options, origin), redirectTo: '/dashboard' }
    expect(await browser.postJson(`${paths.logIn}/passkey`, answer)).toEqual({ redirect: '/dashboard' })
    expect((await browser.get('/dashboard')).html).toContain(email)
    // It works once.
    const again = await browser.postJson(`${paths.logIn}/passkey`, answer)
    expect(again).toMatchObject({ reason: 'invalid-passkey', message: expect.any(String) })
  })

  it('is the filled way in where one was used before, and the password’s is elsewhere', async () => {
    const { browser } = await enrol()
    await browser.post(paths.logOut, {})
    expect(await filledIn(browser)).toEqual([words.logIn.button])
    expect(await filledIn(openBrowser())).toEqual([accountWords.logIn.button])
  })

  it('is told to its owner', async () => {
    const { email } = await enrol()
    const { link } = await findMail(email, 'passkey was added')
    expect(link).toContain(`${paths.notMe}/`)
  })

  it('gets another name, and is removed', async () => {
    const { browser } = await enrol()
    const path = `${settings}/${await findId(browser)}`
    await browser.post(path, { intent: 'rename', nickname: 'Blue phone' })
    expect((await browser.get(paths.settingsMfa)).html).toContain('Blue phone')
    await browser.post(path, { intent: 'remove' })
    expect((await browser.get(paths.settingsMfa)).html).not.toContain('Blue phone')
  })

  it('keeps its name where the new one is an address, and says so at the field', async () => {
    const { browser } = await enrol()
    const path = `${settings}/${await findId(browser)}`
    const { status, html } = await browser.post(path, { intent: 'rename', nickname: 'me@example.com' })
    expect(status).toBe(400)
    const [field = ''] = /<input[^>]*name="nickname"[^>]*>/.exec(html) ?? []
    expect(field).toContain('value="me@example.com"')
    expect(field).toContain('aria-invalid="true"')
    const [, id] = /aria-describedby="([^"]*)"/.exec(field) ?? []
    expect(html).toContain(`<p class="field-error" id="${id}">${words.reasons['bad-name']}</p>`)
    expect((await browser.get(paths.settingsMfa)).html).not.toContain('me@example.com')
  })

  it('is nobody else’s to rename or to remove', async () => {
    const { browser } = await enrol()
    const stranger = await enrol()
    const path = `${settings}/${await findId(browser)}`
    expect((await stranger.browser.post(path, { intent: 'remove' })).status).toBe(404)
    expect((await stranger.browser.post(path, { intent: 'rename', nickname: 'x' })).status).toBe(404)
  })

  it('is added by who is signed in, and by nobody else', async () => {
    const asked = await openBrowser().postJson(`${settings}/options`, {})
    expect(asked).toEqual({
      redirect: `${paths.sudo}?${new URLSearchParams({ redirectTo: paths.settingsMfa })}`,
    })
  })
})

describe('the offer of a passkey', () => {
  const page = `${paths.logIn}/add-passkey`
  const offer = { location: `${page}?redirectTo=%2Fdashboard` }
  const onwards = { location: '/dashboard' }

  async function logIn(
    person: { email: string; password: string },
    browser = openBrowser(),
    device = 'passkey',
  ) {
    const { email, password } = person
    return browser.post(paths.logIn, { email, password, redirectTo: '/dashboard', device })
  }

  it('stands between the password and where somebody wanted to go, once per browser', async () => {
    const person = await createPerson()
    const browser = openBrowser()
    expect(await logIn(person, browser)).toMatchObject(offer)
    expect((await browser.get(offer.location)).html).toMatch(/<a [^>]*href="\/dashboard"[^>]*>Not now</)
    await browser.post(paths.logOut, {})
    expect(await logIn(person, browser)).toMatchObject(onwards)
    expect(await logIn(person)).toMatchObject(offer)
  })

  it('is made on a device that can make one, and to who has none', async () => {
    expect(await logIn(await createPerson(), openBrowser(), '')).toMatchObject(onwards)
    const { browser, ...owner } = await enrol()
    expect(await logIn(owner)).toMatchObject(onwards)
    expect(await browser.get(offer.location)).toMatchObject(onwards)
  })

  it('is for who is signed in, and leads to pages of this app alone', async () => {
    expect(await openBrowser().get(page)).toMatchObject({ location: paths.logIn })
    const browser = await openBrowser().logIn(await createPerson())
    const { html } = await browser.get(`${page}?redirectTo=%2F%2Fexample.org`)
    expect(html).toMatch(/<a [^>]*href="\/"[^>]*>Not now</)
    expect(html).not.toContain('href="//example.org"')
  })
})

/** The filled buttons of the log-in page. */
async function filledIn(browser: TestBrowser): Promise<string[]> {
  const { html } = await browser.get(paths.logIn)
  return [...html.matchAll(/<button[^>]*class="button"[^>]*>([^<]*)</g)].map(([, label]) => label ?? '')
}

async function enrol() {
  const person = await createPerson()
  const browser = await openBrowser().logIn(person)
  const passkey = createSoftwarePasskey()
  const { options } = await browser.postJson<Enrolment>(`${settings}/options`, {})
  const added = await browser.postJson(settings, { response: passkey.enrol(options, origin) })
  expect(added).toEqual({ redirect: paths.settingsMfa })
  return { email: person.email, password: person.password, browser, passkey }
}

async function findId(browser: TestBrowser): Promise<string> {
  const { html } = await browser.get(paths.settingsMfa)
  return /mfa\/passkeys\/([\w-]+)"/.exec(html)?.[1] ?? ''
}
