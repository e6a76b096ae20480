import { logInUser, resolveSession, sql } from '@sigra/mikro-orm'
import { parseSessionToken } from '@sigra/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestRuntime, type TestRuntime } from '../../../mikro-orm/src/testing/index.ts'
import { createPerson, ensurePerson } from './person.ts'
import { TestBrowser } from './test-browser.ts'
import { createTestClock } from './test-clock.ts'
import { TestSetupFailed } from './test-setup-failed.ts'
import type { TestedSigra } from './tested-app.ts'

let test: TestRuntime
let sigra: TestedSigra
beforeAll(async () => {
  test = await createTestRuntime()
  const names = { session: '__Host-sid', browser: '__Host-browser', trusted: '__Host-trusted' }
  sigra = { edge: { runtime: test.runtime, settings: { cookies: { names } } } }
})
afterAll(() => test.close())

const sessionOf = async (browser: TestBrowser) => (await browser.caller()).session

describe('createPerson', () => {
  it('makes somebody who can log in', async () => {
    const browser = await new TestBrowser(sigra).logIn(await createPerson(sigra))
    expect(await sessionOf(browser)).toMatchObject({ awaiting: null, aal: 1, hasSudo: true })
  })

  it.each([
    ['unconfirmed', 'invalid-credentials'],
    ['disabled', 'disabled'],
  ] as const)('makes somebody %s, whom the library refuses', async (state, reason) => {
    const person = await createPerson(sigra, { state })
    const caller = await new TestBrowser(sigra).caller()
    expect(await logInUser(test.runtime, caller, person)).toMatchObject({ ok: false, reason })
    await expect(new TestBrowser(sigra).logIn(person)).rejects.toThrow(TestSetupFailed)
  })

  it('makes somebody who has to change the password', async () => {
    const person = await createPerson(sigra, { state: 'must-change-password' })
    expect(await sessionOf(await new TestBrowser(sigra).logIn(person))).toMatchObject({
      awaiting: 'password-change',
    })
  })

  it('makes somebody who has to set up a second factor', async () => {
    const person = await createPerson(sigra, { state: 'must-enrol-second-factor' })
    expect(await sessionOf(await new TestBrowser(sigra).logIn(person))).toMatchObject({
      awaiting: 'enrolment',
    })
  })

  it('makes somebody with a second factor, whose first code is still unused', async () => {
    const person = await createPerson(sigra, { state: 'second-factor' })
    expect(person.backupCodes).toHaveLength(10)
    const waiting = await new TestBrowser(sigra).logIn(person, { until: 'first-factor' })
    expect(await sessionOf(waiting)).toMatchObject({ awaiting: 'second-factor' })
    expect(await sessionOf(await new TestBrowser(sigra).logIn(person))).toMatchObject({
      awaiting: null,
      aal: 2,
    })
    await expect(new TestBrowser(sigra).logIn(person)).rejects.toThrow('already-used')
  })

  it('fills columns of the host, and names one that needs a value', async () => {
    const { id } = await createPerson(sigra, { fields: { displayName: 'Ada' } })
    const names = sql`select display_name as name from users where id = ${id}`
    expect(await test.rows(names)).toEqual([{ name: 'Ada' }])
    await expect(createPerson(sigra, { fields: { confirmedAt: new Date() } })).rejects.toThrow('own column')

    await test.rows(sql`alter table users add column seat text not null default ''`)
    await test.rows(sql`alter table users alter column seat drop default`)
    await expect(createPerson(sigra)).rejects.toThrow('The column seat of a user needs a value')
    await test.rows(sql`alter table users drop column seat`)
  })

  it('makes nobody whose address has an account, and says so', async () => {
    const { id, email, password } = await createPerson(sigra)
    await expect(createPerson(sigra, { email })).rejects.toThrow(`${email} has an account already.`)
    await ensurePerson(sigra, { email: email.toUpperCase(), password: 'another one for nobody' })
    const caller = await new TestBrowser(sigra).caller()
    expect(await logInUser(test.runtime, caller, { email, password })).toMatchObject({ ok: true })
    expect(await test.rows(sql`select id::text from users where email_canonical = ${email}`)).toEqual([
      { id },
    ])
  })

  it('changes no address that the library refuses, nor without the mailbox that the email comes to', async () => {
    const lost = await createPerson(sigra)
    const browser = await new TestBrowser(sigra).logIn(lost)
    await expect(lost.changesEmail(browser)).rejects.toThrow('make them with { mailbox }')
    const person = await createPerson(sigra, { mailbox: '/nowhere' })
    const own = await new TestBrowser(sigra).logIn(person)
    await expect(person.changesEmail(own, person.email.toUpperCase())).rejects.toThrow('said "invalid"')
  })

  it('says what is wrong with a test', async () => {
    await expect(createPerson(sigra, { email: 'no address' })).rejects.toThrow(TestSetupFailed)
    const person = await createPerson(sigra)
    expect(() => person.totpCode()).toThrow(TestSetupFailed)
    await expect(new TestBrowser(sigra).logIn({ ...person, password: 'not it' })).rejects.toThrow(
      TestSetupFailed,
    )
  })
})

describe('TestBrowser', () => {
  it('hands its cookies to a request', async () => {
    const browser = await new TestBrowser(sigra).logIn(await createPerson(sigra))
    const { request } = browser.args('/dashboard')
    expect(request.url).toBe('https://app.test/dashboard')
    const token = parseSessionToken(/__Host-sid=([^;]+)/.exec(request.headers.get('cookie') ?? '')?.[1])
    expect(token && (await resolveSession(test.runtime, token))).not.toBeNull()
    expect(new TestBrowser(sigra).cookieHeader).not.toContain('__Host-sid')
  })

  it('forgets sudo', async () => {
    const browser = await new TestBrowser(sigra).logIn(await createPerson(sigra))
    expect(await sessionOf(await browser.forgetSudo())).toMatchObject({ hasSudo: false })
  })

  it('has an address of its own, so that limits do not meet', async () => {
    const person = await createPerson(sigra)
    for (let n = 0; n < 12; n++) await new TestBrowser(sigra).logIn(person)
    expect(await test.rows(sql`select from user_sessions where user_id = ${person.id}`)).toHaveLength(12)
  })
})

describe('createTestClock', () => {
  it('moves forwards only', () => {
    const clock = createTestClock()
    clock.advance({ hours: 1, seconds: 1 })
    expect(clock.offset()).toBe(3_601_000)
    expect(() => clock.advance({ minutes: -1 })).toThrow(TestSetupFailed)
  })
})
