import { type TestPage, totpCode } from '@sigra/dev/testing'
import { describe, expect, it } from 'vitest'
import { words } from '../app/accounts/words.ts'
import { paths } from '../app/paths.ts'
import { createPerson, findMail, openBrowser } from './support/app.ts'

const firstFactor = { until: 'first-factor' } as const

describe('an authenticator app', () => {
  it('is asked for from its first code on, and takes each code once', async () => {
    const { person, key } = await switchOn()
    const browser = openBrowser()
    await browser.post(paths.logIn, { email: person.email, password: person.password })
    expect((await browser.get('/dashboard')).location).toBe(`${paths.mfa}?redirectTo=%2Fdashboard`)

    const code = totpCode(key, { steps: 1 })
    expect((await browser.post(`${paths.mfa}?redirectTo=%2Fdashboard`, { code })).location).toBe('/dashboard')
    expect((await browser.get('/dashboard')).html).toContain(person.email)

    const again = await (await openBrowser().logIn(person, firstFactor)).post(paths.mfa, { code })
    expect(again.status).toBe(400)
    expect(again.html).toContain(words.reasons['already-used'])
  })

  it('is told to its owner', async () => {
    const { email } = await createPerson({ state: 'second-factor' })
    expect((await findMail(email, 'Two-step verification is on')).link).toContain(`${paths.notMe}/`)
  })

  it('is switched off by who signed in with it, and then one step is enough', async () => {
    const person = await createPerson({ state: 'second-factor' })
    const browser = await openBrowser().logIn(person)
    const page = await browser.post(paths.settingsMfa, { intent: 'disable' })
    expect(page.location).toBe(paths.settingsMfa)
    const elsewhere = await openBrowser().logIn(person, firstFactor)
    expect((await elsewhere.get('/dashboard')).status).toBe(200)
  })

  it('ends the sign-in after five wrong codes', async () => {
    const person = await createPerson({ state: 'second-factor' })
    const browser = await openBrowser().logIn(person, firstFactor)
    for (let n = 0; n < 4; n++) expect((await browser.post(paths.mfa, { code: '000000' })).status).toBe(400)
    expect((await browser.post(paths.mfa, { code: '000000' })).location).toBe(paths.logIn)
    expect((await browser.post(paths.mfa, { code: person.totpCode() })).location).toBe(paths.logIn)
  })
})

describe('a backup code', () => {
  it('signs its owner in once, and tells them', async () => {
    const person = await createPerson({ state: 'second-factor' })
    const [backupCode = ''] = person.backupCodes
    const browser = await openBrowser().logIn(person, firstFactor)
    expect((await browser.post(paths.mfa, { backupCode })).location).toBe('/')
    await findMail(person.email, 'backup code')
    const elsewhere = await openBrowser().logIn(person, firstFactor)
    expect((await elsewhere.post(paths.mfa, { backupCode })).status).toBe(400)
  })

  it('is shown in one answer, which no cache keeps', async () => {
    const { codes, page, browser } = await switchOn()
    expect(codes).toHaveLength(10)
    expect(page.headers.get('Cache-Control')).toContain('no-store')
    expect((await browser.get(paths.settingsMfa)).html).not.toContain(codes[0])
  })
})

it('stops offering to switch off what a backup code has switched off', async () => {
  const person = await createPerson({ state: 'second-factor' })
  const [backupCode = ''] = person.backupCodes
  const browser = await (await openBrowser().logIn(person)).forgetSudo()
  const { password } = person
  await browser.post(paths.sudo, { intent: 'recovery', backupCode, password })
  expect((await browser.get(paths.settingsMfa)).html).toContain(words.settingsMfa.recovery)
  await browser.post(paths.settingsMfa, { intent: 'disable' })
  const { status, html } = await browser.get(paths.settingsMfa)
  expect({ status, isOffered: html.includes(words.settingsMfa.recovery) }).toEqual({
    status: 200,
    isOffered: false,
  })
})

describe('whoever must have a second step', () => {
  it('sets one up before anything else', async () => {
    const { email, password } = await createPerson({ state: 'must-enrol-second-factor' })
    const browser = openBrowser()
    await browser.post(paths.logIn, { email, password })
    for (const path of ['/dashboard', paths.settings, paths.settingsSecurity, paths.mfa]) {
      expect((await browser.get(path)).location).toMatch(new RegExp(`^${paths.mfaEnroll}`))
    }
    await browser.post(paths.mfaEnroll, { intent: 'enroll' })
    const code = totpCode(readKey(await browser.get(paths.mfaEnroll)))
    const page = await browser.post(paths.mfaEnroll, { intent: 'activate', code })
    expect(readCodes(page)).toHaveLength(10)
    expect((await browser.get('/dashboard')).status).toBe(200)
  })
})

/** Somebody who switched the app on in their settings, by its current code: the next one is accepted early. */
async function switchOn() {
  const person = await createPerson()
  const browser = await openBrowser().logIn(person)
  await browser.post(paths.settingsMfa, { intent: 'enroll' })
  const key = readKey(await browser.get(paths.settingsMfa))
  const page = await browser.post(paths.settingsMfa, { intent: 'activate', code: totpCode(key) })
  return { person, browser, key, page, codes: readCodes(page) }
}

function readKey({ html }: TestPage): string {
  return html.match(/class="key">([A-Z2-7 ]+)</)?.[1] ?? ''
}

function readCodes({ html }: TestPage): string[] {
  return Array.from(html.matchAll(/<code>([0-9a-z]{4}(?:-[0-9a-z]{4}){3})<\/code>/g), ([, code = '']) => code)
}
