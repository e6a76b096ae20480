import { sql } from '@sigra/mikro-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from './testing-only/test-app.ts'
import { createTestBrowser, type TestBrowser } from './testing-only/test-browser.ts'
import { createTestSigra, createTestUser, type TestSigra, type TestUser } from './testing-only/test-sigra.ts'

let test: TestSigra
let app: TestApp
let user: TestUser

/** Pages of an app, and those of the steps that come before them. */
function buildApp({ sigra }: TestSigra): TestApp {
  const pages = {
    logIn: {
      path: 'users/log-in',
      loader: async (args) => {
        await sigra.requireAnonymous(args)
        return null
      },
      action: async (args) => {
        const { email, password } = Object.fromEntries(await args.request.formData())
        const result = await sigra.accounts.logInUser(args, { email, password })
        return result.ok ? result.redirect() : Response.json(result, { status: 400 })
      },
    },
    page: {
      path: 'page',
      loader: async (args) => ({ secret: await sigra.requireUser(args) }),
      action: async (args) => ({ secret: await sigra.requireUser(args) }),
    },
    data: {
      path: 'data',
      isPage: false,
      loader: async (args) => Response.json(await sigra.requireUser(args)),
    },
    sensitive: {
      path: 'sensitive',
      loader: async (args) => ({ secret: await sigra.requireSudo(args) }),
      action: async (args) => ({ secret: await sigra.requireSudo(args) }),
    },
    forgotten: {
      path: 'forgotten',
      isPage: false,
      action: async (args) => Response.json(await sigra.accounts.exportUserData(args)),
    },
    remove: {
      path: 'remove',
      isPage: false,
      action: async (args) => {
        const result = await sigra.accounts.scheduleUserDeletion(args, { confirmation: user.email })
        return Response.json({ ok: result.ok })
      },
    },
    mfa: { path: 'users/mfa', loader: async (args) => sigra.requirePending(args, 'second-factor') },
    consent: {
      path: 'users/consent',
      loader: async (args) => {
        await sigra.requirePending(args, 'consent')
        return { documents: await sigra.accounts.getUserDocuments(args) }
      },
      action: async (args) => {
        const { documents, redirectTo } = Object.fromEntries(await args.request.formData())
        await sigra.requirePending(args, 'consent')
        const result = await sigra.accounts.acceptUserDocuments(args, { documents, redirectTo })
        return result.ok ? result.redirect() : Response.json(result, { status: 400 })
      },
    },
    reactivation: {
      path: 'users/reactivation',
      loader: async (args) => {
        await sigra.requirePending(args, 'reactivation')
        return sigra.accounts.getUserDeletionState(args)
      },
      action: async (args) => {
        const { redirectTo } = Object.fromEntries(await args.request.formData())
        await sigra.requirePending(args, 'reactivation')
        const result = await sigra.accounts.cancelUserDeletion(args, { redirectTo })
        return result.ok ? result.redirect() : Response.json(result, { status: 400 })
      },
    },
  } satisfies Parameters<typeof createTestApp>[1]
  return createTestApp(sigra, pages, { rootLoader: async (args) => ({ root: await sigra.getUser(args) }) })
}

async function logIn(): Promise<Response & { browser: TestBrowser }> {
  const browser = createTestBrowser(app)
  const { email, password } = user
  return Object.assign(await browser.submit('/users/log-in', { email, password }), { browser })
}

async function logInTo(path: string): Promise<TestBrowser> {
  const { headers, browser } = await logIn()
  expect(headers.get('location')).toBe(path)
  return browser
}

/** Somebody who accepted the version before, and is signed in. */
async function meetNewVersion(): Promise<TestBrowser> {
  const browser = await logInTo('/users/consent')
  await browser.submit('/users/consent', { documents: 'terms:2' })
  await test.rows(sql`update user_consents set version = '1' where user_id = ${user.id}`)
  return browser
}

/** Somebody who asked for the deletion of their account, and logged in again. */
async function comeBack(): Promise<TestBrowser> {
  const { browser } = await logIn()
  expect(await (await browser.submit('/remove', {})).json()).toEqual({ ok: true })
  return logInTo('/users/reactivation')
}

const isScheduled = async () =>
  (await test.rows(sql`select from users where id = ${user.id} and delete_after is not null`)).length === 1
const hasAccepted = async () =>
  (await test.rows(sql`select from user_consents where user_id = ${user.id} and version = '2'`)).length === 1

const terms = { terms: { version: '2', url: '/terms', required: true } }
const consent = {
  path: '/users/consent',
  documents: terms,
  fields: { documents: 'terms:2' },
  isDone: hasAccepted,
}
const reactivation = {
  path: '/users/reactivation',
  documents: {},
  fields: {},
  isDone: async () => !(await isScheduled()),
}

describe.each([
  { who: 'a sign-in that waits for consent', ...consent, begin: () => logInTo('/users/consent') },
  { who: 'a live session that met a new version', ...consent, begin: meetNewVersion },
  { who: 'a sign-in to an account whose deletion lies ahead', ...reactivation, begin: comeBack },
])('MFA-01 DEL-03: $who', ({ path: step, documents, fields, isDone, begin }) => {
  beforeAll(async () => {
    test = await createTestSigra({ documents })
    app = buildApp(test)
  })
  beforeEach(createPerson)
  afterAll(() => test.close())

  it.each(['/page', '/page.data', '/data', '/sensitive', '/sensitive.data', '/users/mfa'])(
    'comes by %s to what it waits for, and learns nothing there',
    async (path) => {
      const answer = await (await begin()).visit(path)
      const text = await answer.text()
      expect(text).not.toContain(user.email)
      expect(answer.headers.get('location') ?? text).toContain(step)
    },
  )

  it.each(['/page', '/sensitive', '/forgotten', '/remove'])(
    'changes nothing by a form of %s',
    async (path) => {
      const browser = await begin()
      const before = await isScheduled()
      const { status, headers } = await browser.submit(path, {})
      expect(status).toBe(303)
      expect([step, '/users/sudo']).toContain(headers.get('location')?.split('?')[0])
      expect([await isScheduled(), await isDone()]).toEqual([before, false])
    },
  )

  it('is nobody to pages that anybody may see', async () => {
    expect(await (await (await begin()).visit(step)).text()).not.toContain(user.email)
  })

  it('does it by its form, once; whoever comes back to the page finds the way on', async () => {
    const browser = await begin()
    const done = await browser.submit(step, { ...fields, redirectTo: '/page' })
    expect(done.headers.get('location')).toBe('/page')
    expect(await isDone()).toBe(true)
    expect(await (await browser.visit('/page')).text()).toContain(user.email)
    // The back button, and the form pressed again there.
    expect((await browser.visit(`${step}?redirectTo=%2Fpage`)).headers.get('location')).toBe('/page')
    expect((await browser.submit(step, fields)).headers.get('location')).toBe('/')
  })
})

describe('documents and deletions', () => {
  beforeAll(async () => {
    test = await createTestSigra({ documents: terms })
    app = buildApp(test)
  })
  beforeEach(createPerson)
  afterAll(() => test.close())

  it.each([
    ['a sign-in', () => logInTo('/users/consent')],
    ['a live session', meetNewVersion],
  ])('EXP-02: %s accepts what its page showed, and nothing older', async (_, begin) => {
    const browser = await begin()
    expect(await (await browser.visit('/users/consent')).text()).toContain('"version":"2"')
    expect((await browser.submit('/users/consent', { documents: 'terms:1' })).status).toBe(400)
    expect(await hasAccepted()).toBe(false)
  })

  it('lead one after the other: who keeps the account reads what is new', async () => {
    const browser = await logInTo('/users/consent')
    await browser.submit('/users/consent', { documents: 'terms:2' })
    await browser.submit('/remove', {})
    await test.rows(sql`update user_consents set version = '1' where user_id = ${user.id}`)
    const back = await logInTo('/users/reactivation')
    expect(await (await back.visit('/users/reactivation')).text()).toContain('"isScheduled":true')
    const kept = await back.submit('/users/reactivation', { redirectTo: '/page' })
    expect(kept.headers.get('location')).toBe('/users/consent?redirectTo=%2Fpage')
  })

  it('end the sessions there were, in every browser, and lead to the log-in', async () => {
    const [here, elsewhere] = [await logInTo('/users/consent'), await logInTo('/users/consent')]
    for (const browser of [here, elsewhere]) await browser.submit('/users/consent', { documents: 'terms:2' })
    await here.submit('/remove', {})
    for (const browser of [here, elsewhere]) {
      expect((await browser.visit('/page')).headers.get('location')).toMatch(/^\/users\/log-in/)
    }
  })

  it('make nobody of a session whose account is to be deleted past every flow', async () => {
    const browser = await logInTo('/users/consent')
    await browser.submit('/users/consent', { documents: 'terms:2' })
    expect(await (await browser.visit('/page')).text()).toContain(user.email)
    await test.rows(sql`update users set delete_after = now() + interval '9 days' where id = ${user.id}`)
    expect((await browser.visit('/page')).headers.get('location')).toMatch(/^\/users\/log-in/)
  })
})

async function createPerson(): Promise<void> {
  await test.rows(sql`delete from sigra_limits`)
  user = await createTestUser(test)
}
