import { randomUUID } from 'node:crypto'
import type { ReceivedMail, TestBrowser } from '@sigra/dev/testing'
import { describe, expect, it } from 'vitest'
import { accounts } from '../app/accounts/accounts.server.ts'
import { User } from '../app/accounts/entities/user.ts'
import { words } from '../app/accounts/words.ts'
import { paths } from '../app/paths.ts'
import { orm } from '../app/sigra.server.ts'
import { createPerson, findMail, openBrowser, registration } from './support/app.ts'

const password = 'a quiet river under stones'
const renewed = `${password}, anew`
const toInbox = { location: expect.stringMatching(new RegExp(`^${paths.confirm}\\?f=[\\w-]{12}$`)) }
const toHome = { status: 303, location: '/' }
const toLogIn = { location: expect.stringMatching(new RegExp(`^${paths.logIn}(?:\\?f=[\\w-]{12})?$`)) }

describe('registering', () => {
  it('mails a link and a code, and the link confirms and signs in', async () => {
    const { browser, email } = await register()
    expect(await findUser(email)).toMatchObject({ email, confirmedAt: null })

    const { path, f } = await openLink(browser, await findMail(email, 'Confirm your'))
    expect((await browser.get(path)).html).toContain(words.confirmContinue.button)
    expect(await browser.post(path, { f })).toMatchObject(toHome)
    expect((await findUser(email))?.confirmedAt).toBeInstanceOf(Date)
    expect((await browser.get('/dashboard')).status).toBe(200)
  })

  it('signs in by the code, in the browser that registered, without the address typed again', async () => {
    const { browser, email, path } = await register()
    expect((await browser.get(path)).html).toContain(email)
    const { code } = await findMail(email, 'Confirm your')

    expect((await openBrowser().post(paths.confirm, { email, code: code ?? '' })).status).toBe(400)
    expect(await browser.post(path, { code: code ?? '' })).toMatchObject(toHome)
    expect((await browser.get('/dashboard')).status).toBe(200)
  })

  it('leads to where somebody was on the way to, by a mail asked for again as well', async () => {
    const browser = openBrowser()
    const email = createEmail()
    const wish = { redirectTo: paths.settings }
    const { location } = await browser.post(paths.register, { ...registration(email, password), ...wish })
    const again = await browser.post(location ?? '', { intent: 'resend' })
    expect(again.location).toContain(String(new URLSearchParams(wish)))
    const { path, f } = await openLink(browser, await findMail(email, 'Confirm your'))
    expect(await browser.post(path, { f })).toMatchObject({ location: paths.settings })
  })

  it('asks who comes later for the address, and mails a new code', async () => {
    const page = await openBrowser().post(paths.confirm, { code: '123456' })
    expect(page.status).toBe(400)
    expect(page.html).toContain(words.missing.email)
    const { email } = await createPerson({ state: 'unconfirmed' })
    expect(await openBrowser().post(paths.confirm, { intent: 'resend', email })).toMatchObject(toInbox)
    await findMail(email, 'Confirm your')
  })

  it('answers a taken address like a free one, and tells its owner', async () => {
    const { email } = await createPerson()
    const taken = await openBrowser().post(paths.register, registration(email, password))
    const free = await openBrowser().post(paths.register, registration(createEmail(), password))
    for (const answer of [taken, free]) expect(answer).toMatchObject({ status: 303, ...toInbox })
    await findMail(email, 'already')
  })

  it('says what is wrong with a form, keeps the address and never the password', async () => {
    const page = await openBrowser().post(paths.register, registration('me@example.com', 'CANARY'))
    expect(page.status).toBe(400)
    expect(page.html).toContain('aria-invalid="true"')
    expect(page.html).toContain('value="me@example.com"')
    expect(page.html).not.toContain('CANARY')
  })

  it('asks in another browser for the password chosen at registration', async () => {
    const { email } = await register()
    const other = openBrowser()
    const { path, f } = await openLink(other, await findMail(email, 'Confirm your'))

    expect((await other.post(path, { f, intent: 'confirm', password: 'not that one' })).status).toBe(400)
    expect(await other.post(path, { f, intent: 'confirm', password })).toMatchObject(toLogIn)
  })

  it('takes a new password there, typed twice alike', async () => {
    const { email } = await register()
    const other = openBrowser()
    const { path, f } = await openLink(other, await findMail(email, 'Confirm your'))
    const form = { f, intent: 'new-password', password: renewed }

    const refused = await other.post(path, { ...form, passwordConfirmation: password })
    expect(refused.status).toBe(400)
    expect(refused.html).toContain(words.missing.differentPasswords)
    expect(await findUser(email)).toMatchObject({ confirmedAt: null })

    expect(await other.post(path, { ...form, passwordConfirmation: renewed })).toMatchObject(toLogIn)
    expect((await other.post(paths.logIn, { email, password: renewed })).status).toBe(303)
  })

  it('removes a registration that its owner did not ask for', async () => {
    const { email } = await register()
    const owner = openBrowser()
    const { path, f } = await openLink(owner, await findMail(email, 'Confirm your'))
    await owner.post(path, { f, intent: 'not-mine' })
    expect(await findUser(email)).toBeNull()
  })
})

describe('logging in', () => {
  it('leads back to the protected page, and logging out locks it again', async () => {
    const { email, password } = await createPerson()
    const browser = openBrowser()
    expect((await browser.get('/dashboard')).location).toBe(`${paths.logIn}?redirectTo=%2Fdashboard`)

    const redirectTo = '/dashboard'
    expect(await browser.post(paths.logIn, { email, password, redirectTo })).toMatchObject({
      location: redirectTo,
    })
    expect((await browser.get('/dashboard')).html).toContain(email)

    const { location } = await browser.post(paths.logOut, {})
    expect((await browser.get(location ?? '')).html).toContain(words.flashes['logged-out'])
    expect((await browser.get('/dashboard')).status).toBe(303)
  })

  it('answers wrong, unknown and unconfirmed alike', async () => {
    const confirmed = await createPerson()
    const unconfirmed = await createPerson({ state: 'unconfirmed' })
    const attempts = [
      { email: confirmed.email, password: 'not that one' },
      { email: unconfirmed.email, password: unconfirmed.password },
      { email: createEmail(), password },
    ]
    for (const attempt of attempts) {
      const page = await openBrowser().post(paths.logIn, attempt)
      expect(page.status).toBe(400)
      expect(page.html).toContain(words.reasons['invalid-credentials'])
    }
  })

  it('sends nobody to another site', async () => {
    const { email, password } = await createPerson()
    const page = await openBrowser().post(paths.logIn, { email, password, redirectTo: '//example.org' })
    expect(page.location).toBe('/')
  })

  it('slows down whoever keeps guessing', async () => {
    const browser = openBrowser()
    const answers = []
    for (let guess = 0; guess < 12; guess += 1) {
      answers.push(await browser.post(paths.logIn, { email: createEmail(), password }))
    }
    expect(answers.at(-1)?.status).toBe(429)
    expect(Number(answers.at(-1)?.headers.get('Retry-After'))).toBeGreaterThan(0)
  })
})

describe('resetting a password', () => {
  it('ends every session, and only the new password works', async () => {
    const person = await createPerson()
    const { email } = person
    const browser = await openBrowser().logIn(person)
    const elsewhere = openBrowser()
    await elsewhere.post(paths.resetPassword, { email })

    await choosePassword(elsewhere, email)
    expect((await browser.get('/dashboard')).status).toBe(303)
    expect((await browser.post(paths.logIn, { email, password: person.password })).status).toBe(400)
    expect((await browser.post(paths.logIn, { email, password: renewed })).status).toBe(303)
  })

  it('says of a link that was used that it is no good, and of a page without one that it is out of date', async () => {
    const { browser, email } = await registerAndConfirm()
    const mail = await findMail(email, 'Confirm your')
    const { path } = await openLink(browser, mail)
    expect((await browser.get(path)).html).toContain(words.confirmContinue.doneTitle)
    const elsewhere = openBrowser()
    const { path: pathElsewhere } = await openLink(elsewhere, mail)
    expect((await elsewhere.get(pathElsewhere)).html).toContain(words.confirmContinue.invalid)
    expect((await browser.get(`${paths.resetPassword}/continue?f=gone`)).html).toContain(
      words.linkProblem.outdated,
    )
  })
})

describe('saying that it was somebody else', () => {
  it('signs everyone out, takes the password away, and mails the way back in', async () => {
    const { browser, email } = await registerAndConfirm()
    const elsewhere = openBrowser()
    const { path, f } = await openLink(elsewhere, await findMail(email, 'is confirmed'))
    expect((await elsewhere.get(path)).html).toContain(words.deeds['auth.confirm'])
    expect((await browser.get('/dashboard')).status).toBe(200) // looking at the page changes nothing

    expect(await elsewhere.post(path, { f })).toMatchObject(toLogIn)
    expect((await browser.get('/dashboard')).status).toBe(303)
    expect((await browser.post(paths.logIn, { email, password })).status).toBe(400)

    await choosePassword(elsewhere, email)
    expect((await elsewhere.post(paths.logIn, { email, password: renewed })).status).toBe(303)
  })
})

describe('the pages of an account', () => {
  const settings = [
    [paths.settings, 'Profile'],
    [paths.settingsData, 'Profile'],
    [paths.settingsSecurity, 'Security'],
    [paths.settingsPassword, 'Security'],
    [paths.settingsMfa, 'Security'],
    [paths.sessions, 'Sessions'],
  ] as const

  it('say what there is without asking again who is there, and ask before anything is changed', async () => {
    const person = await createPerson({ state: 'second-factor' })
    const browser = await (await openBrowser().logIn(person)).forgetSudo()
    expect((await browser.get(paths.settings)).html).toContain(person.email)
    const { html } = await browser.get(paths.settingsSecurity)
    expect(html).toMatch(/Two-step verification(?:<!-- -->)? <span class="badge">on</)
    for (const path of [paths.settingsData, paths.settingsPassword, paths.settingsMfa]) {
      expect((await browser.get(path)).location).toMatch(new RegExp(`^${paths.sudo}`))
      expect((await browser.post(path, {})).location).toMatch(new RegExp(`^${paths.sudo}`))
    }
  })

  it('say how long ago something was, and when to the minute, in UTC as long as no script runs', async () => {
    const browser = await openBrowser().logIn(await createPerson())
    const { html } = await browser.get(paths.sessions)
    expect(html).toMatch(/<time dateTime="[\dT:.-]+Z" title="[^"]*\d{4}[^"]* UTC">just now</)
  })

  it('are for who is signed in', async () => {
    for (const [path] of settings)
      expect((await openBrowser().get(path)).location).toMatch(new RegExp(`^${paths.logIn}`))
  })

  it('are all marked as settings, and asking who is there can be called off', async () => {
    const browser = await openBrowser().logIn(await createPerson())
    for (const [path, tab] of settings) {
      const { html } = await browser.get(path)
      expect(html).toMatch(/<a [^>]*aria-current="page"[^>]*>Settings</)
      expect(html).toMatch(new RegExp(`<a [^>]*aria-current="(?:page|true)"[^>]*>${tab}<`))
    }
    expect((await browser.get('/dashboard')).html).not.toMatch(/<a [^>]*aria-current="page"[^>]*>Settings</)
    expect((await browser.get(paths.sudo)).html).toContain(`>${words.sudo.cancel}</a>`)
  })
})

describe('an account that is to be deleted', () => {
  it('is asked for by its address, logs everybody out, and is kept by logging in', async () => {
    const person = await createPerson()
    const browser = await openBrowser().logIn(person)
    const ask = (confirmation: string) => browser.post(paths.settingsData, { intent: 'delete', confirmation })
    expect((await ask(createEmail())).html).toContain(words.reasons['not-your-address'])
    expect((await browser.get('/dashboard')).status).toBe(200)
    expect((await ask(person.email)).location).toBe(paths.logIn)
    expect((await browser.get('/dashboard')).location).toMatch(new RegExp(`^${paths.logIn}`))
    const { text } = await findMail(person.email, 'will be deleted')
    expect(text).toContain(paths.notMe)

    await browser.logIn(person, { until: 'first-factor' })
    expect((await browser.get('/dashboard')).location).toMatch(new RegExp(`^${paths.reactivation}`))
    const kept = await browser.post(paths.reactivation, { intent: 'keep', redirectTo: '/dashboard' })
    expect(kept.location).toBe('/dashboard')
    expect((await browser.get('/dashboard')).html).toContain(person.email)
  })

  it('lets nobody else than a sign-in that waits for it decide', async () => {
    const browser = await openBrowser().logIn(await createPerson())
    expect((await browser.get(paths.reactivation)).location).toBe('/')
    const person = await createPerson({ state: 'scheduled-for-deletion' })
    const stranger = openBrowser()
    const path = (await stranger.post(paths.reactivation, { intent: 'keep' })).location
    expect(path).toMatch(new RegExp(`^${paths.logIn}`))
    await stranger.logIn(person, { until: 'first-factor' })
    expect((await stranger.get(paths.reactivation)).html).toContain(words.reactivation.button)
    await stranger.post(paths.logOut, {})
    expect(await findUser(person.email)).toMatchObject({ deleteAfter: expect.any(Date) })
  })
})

describe('accounts.server.ts', () => {
  it('signs an account out everywhere', async () => {
    const person = await createPerson()
    const browser = await openBrowser().logIn(person)
    expect((await browser.get('/dashboard')).status).toBe(200)
    expect(await accounts.deleteAllUserSessionTokens(browser.args('/'), person.id)).toBe(1)
    expect((await browser.get('/dashboard')).status).toBe(303)
  })
})

describe('changing the email address', () => {
  it('lets in under the new one, and leaves the former mailbox a way to undo it', async () => {
    const person = await createPerson()
    const browser = await openBrowser().logIn(person)
    const moved = await person.changesEmail(browser)
    expect((await browser.get('/dashboard')).html).toContain(moved.email)
    await openBrowser().logIn(moved)
    expect((await findMail(person.email, 'was changed')).link).toContain('/users/not-me/')
  })
})

function createEmail(): string {
  return `${randomUUID()}@example.com`
}

function findUser(email: string): Promise<User | null> {
  return orm.em.fork().findOne(User, { email })
}

/** In a browser of its own, which is then before its inbox: `path`. */
async function register(): Promise<{ browser: TestBrowser; email: string; path: string }> {
  const browser = openBrowser()
  const email = createEmail()
  const answer = await browser.post(paths.register, registration(email, password))
  expect(answer).toMatchObject(toInbox)
  return { browser, email, path: answer.location ?? '' }
}

/** And is signed in by it. */
async function registerAndConfirm(): Promise<{ browser: TestBrowser; email: string }> {
  const { browser, email } = await register()
  const { path, f } = await openLink(browser, await findMail(email, 'Confirm your'))
  expect(await browser.post(path, { f })).toMatchObject(toHome)
  return { browser, email }
}

/** By the mailed link. */
async function choosePassword(browser: TestBrowser, email: string): Promise<void> {
  const { path, f } = await openLink(browser, await findMail(email, 'Choose a new password'))
  const form = { f, password: renewed, passwordConfirmation: renewed }
  expect(await browser.post(path, form)).toMatchObject(toLogIn)
}

/** Opens the link of a mail. Its token leaves the address at once; what is left is the page to post to. */
async function openLink(browser: TestBrowser, { link }: ReceivedMail): Promise<{ path: string; f: string }> {
  const { location } = await browser.get(link ?? '')
  const path = location ?? ''
  return { path, f: new URL(path, 'http://localhost').searchParams.get('f') ?? '' }
}
