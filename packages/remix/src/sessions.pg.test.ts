import { createSessionToken, encodeBase64Url, hashSessionToken, parseSessionToken } from '@sigra/core'
import { sql } from '@sigra/mikro-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAccounts } from './accounts.ts'
import { countSessions, createAccountApp, logIn, signedIn } from './testing-only/account-app.ts'
import { createTestApp, type TestApp } from './testing-only/test-app.ts'
import { createTestBrowser } from './testing-only/test-browser.ts'
import {
  createTestSigra,
  createTestUser,
  recordQueries,
  type TestSigra,
  type TestUser,
} from './testing-only/test-sigra.ts'

let test: TestSigra
let app: TestApp
let user: TestUser

beforeAll(async () => {
  test = await createTestSigra()
  app = createAccountApp(test.sigra)
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.rows(sql`delete from sigra_limits`)
  user = await createTestUser(test)
})

describe('one request', () => {
  it.each([
    ['a document', '/dashboard/details'],
    ['its data', '/dashboard/details.data'],
    ['one route of its data', '/dashboard/details.data?_routes=details'],
  ])('asks the database once for %s, however many loaders ask', async (_kind, path) => {
    const browser = await signedIn(app, user)
    const texts = await recordQueries(test.orm, async () => {
      expect((await browser.visit(path)).status).toBe(200)
    })
    expect(texts).toHaveLength(1)
  })

  it('asks nothing for somebody without a cookie, or with one that nobody made', async () => {
    const texts = await recordQueries(test.orm, async () => {
      await createTestBrowser(app).visit('/dashboard/details')
      await createTestBrowser(app, new Map([['__Host-sid', 'garbage']])).visit('/dashboard/details')
    })
    expect(texts).toEqual([])
  })

  it('asks nothing where no loader does', async () => {
    const bare = createTestApp(test.sigra, { public: { path: 'public', loader: () => 'anyone' } })
    const { cookies } = await signedIn(app, user)
    const texts = await recordQueries(test.orm, () => createTestBrowser(bare, cookies).visit('/public'))
    expect(texts).toEqual([])
  })
})

describe('session cookie', () => {
  it('SESS-01: a value from before log-in is never adopted', async () => {
    const planted = createSessionToken()
    const browser = createTestBrowser(app, new Map([['__Host-sid', String(planted)]]))
    await logIn(browser, user)
    expect(browser.cookies.get('__Host-sid')).not.toBe(planted)
    const attacker = createTestBrowser(app, new Map([['__Host-sid', String(planted)]]))
    expect((await attacker.visit('/dashboard')).status).toBe(303)
  })

  it('SESS-02: logging in again ends the token of before', async () => {
    const browser = await signedIn(app, user)
    const before = new Map(browser.cookies)
    await logIn(browser, user)
    expect((await createTestBrowser(app, before).visit('/dashboard')).status).toBe(303)
    expect((await browser.visit('/dashboard')).status).toBe(200)
  })

  it('SESS-05: what the database holds opens nothing', async () => {
    const browser = await signedIn(app, user)
    const token = parseSessionToken(browser.cookies.get('__Host-sid'))
    const stored = token && encodeBase64Url(hashSessionToken(token))
    const thief = createTestBrowser(app, new Map([['__Host-sid', String(stored)]]))
    expect((await thief.visit('/dashboard')).status).toBe(303)
  })

  it('SESS-06: a token replayed after log-out is anonymous everywhere', async () => {
    const browser = await signedIn(app, user)
    const stolen = new Map(browser.cookies)
    const answer = await browser.submit('/users/log-out', {})
    expect(answer.status).toBe(303)
    expect(browser.cookies.has('__Host-sid')).toBe(false)
    expect(await countSessions(test, user)).toBe(0)
    const thief = createTestBrowser(app, stolen)
    for (const path of ['/dashboard', '/dashboard/details.data?_routes=details', '/export']) {
      const replay = await thief.visit(path)
      expect(await replay.text()).not.toContain('SECRET')
    }
    expect(await (await thief.visit('/')).json()).toMatchObject({ loaderData: { root: null } })
  })

  it('SESS-06: log-out while the account is disabled ends the session for good', async () => {
    const browser = await signedIn(app, user)
    const stolen = new Map(browser.cookies)
    await test.rows(sql`update users set disabled_at = clock_timestamp() where id = ${user.id}`)
    await browser.submit('/users/log-out', {})
    expect(browser.cookies.has('__Host-sid')).toBe(false)
    await test.rows(sql`update users set disabled_at = null where id = ${user.id}`)
    expect((await createTestBrowser(app, stolen).visit('/dashboard')).status).toBe(303)
    expect(await countSessions(test, user)).toBe(0)
  })

  it('erases the storage of this site at log-out where the host asks for it', async () => {
    const { edge } = test.sigra
    const settings = { ...edge.settings, allowNoClientAddress: true, clearSiteDataOnLogOut: true }
    const args = { request: new Request('https://app.test/users/log-out', { method: 'POST' }) }
    await createAccounts({ ...edge, settings }).logOutUser(args)
    expect(test.sigra.headers(args).get('clear-site-data')).toBe('"cache", "storage"')
    const answer = await (await signedIn(app, user)).submit('/users/log-out', {})
    expect(answer.headers.get('clear-site-data')).toBeNull()
  })

  it('SESS-06: a late answer to a dead token sets no cookie, so a newer one lives on', async () => {
    const browser = await signedIn(app, user)
    const old = new Map(browser.cookies)
    await logIn(browser, user)
    const late = createTestBrowser(app, old)
    for (const path of ['/', '/dashboard', '/dashboard.data', '/nothing']) {
      expect((await late.visit(path)).headers.getSetCookie()).toEqual([])
    }
    for (const value of ['garbage', '', String(createSessionToken())]) {
      const answer = await createTestBrowser(app, new Map([['__Host-sid', value]])).visit('/')
      expect(answer.headers.getSetCookie()).toEqual([])
    }
  })

  it('SESS-03: two cookies of one name make the browser anonymous, and one audit row', async () => {
    const browser = await signedIn(app, user)
    const sid = `__Host-sid=${browser.cookies.get('__Host-sid')}`
    const visit = () => browser.visit('/dashboard', { headers: { cookie: `${sid}; __Host-sid=tossed` } })
    expect((await visit()).status).toBe(303)
    expect((await visit()).headers.getSetCookie()).toEqual([])
    await expect
      .poll(() =>
        test.rows(sql`select metadata from audit_events where action = 'security.duplicate_cookie'`),
      )
      .toEqual([{ metadata: { cookie: '__Host-sid' } }])
    const other = `${sid}; __Host-browser=a; __Host-browser=b`
    expect((await browser.visit('/dashboard', { headers: { cookie: other } })).status).toBe(303)
    expect((await browser.visit('/dashboard', { headers: { cookie: sid } })).status).toBe(200)
  })

  it('lives as long as was asked for', async () => {
    const lineOf = async (fields: Record<string, string>) => {
      const answer = await logIn(createTestBrowser(app), user, fields)
      return answer.headers.getSetCookie().find((line) => line.startsWith('__Host-sid='))
    }
    expect(await lineOf({})).toMatch(/^__Host-sid=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect(await lineOf({ rememberMe: 'on' })).toContain('; Max-Age=5184000;')
  })

  it('SESS-16: stands in no page, no data and no log line', async () => {
    const browser = await signedIn(app, user)
    const token = String(browser.cookies.get('__Host-sid'))
    const texts = [
      await (await browser.visit('/dashboard/details')).text(),
      await (await browser.visit('/dashboard/details.data')).text(),
      JSON.stringify(test.logged),
    ]
    for (const text of texts) expect(text).not.toContain(token)
  })
})

describe('a pending sign-in', () => {
  beforeEach(async () => {
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
  })

  it('SESS-12: leaves one cookie, and it opens nothing', async () => {
    const browser = createTestBrowser(app)
    const answer = await logIn(browser, user)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('/users/change-password')
    expect(answer.headers.getSetCookie().filter((line) => line.startsWith('__Host-sid='))).toHaveLength(1)
    for (const path of ['/dashboard', '/dashboard/details.data?_routes=details', '/export']) {
      const replay = await browser.visit(path)
      expect(await replay.text()).not.toContain('SECRET')
    }
    expect(await (await browser.visit('/')).json()).toMatchObject({ loaderData: { root: null } })
  })

  it('SESS-13: leads every guarded page to the awaited step, also as data', async () => {
    const browser = await signedIn(app, user, { rememberMe: 'on' })
    const page = await browser.visit('/dashboard?tab=2')
    expect(page.headers.get('location')).toBe('/users/change-password?redirectTo=%2Fdashboard%3Ftab%3D2')
    expect(await (await browser.visit('/dashboard.data')).text()).toContain('/users/change-password')
    expect((await browser.visit('/users/log-in')).status).toBe(200)
  })

  it('SESS-13: is never remembered, and log-out wipes it', async () => {
    const browser = createTestBrowser(app)
    const answer = await logIn(browser, user, { rememberMe: 'on' })
    const sid = answer.headers.getSetCookie().find((line) => line.startsWith('__Host-sid='))
    expect(sid).not.toContain('Max-Age')
    expect(await countSessions(test, user)).toBe(1)
    await browser.submit('/users/log-out', {})
    expect(await countSessions(test, user)).toBe(0)
    expect(browser.cookies.has('__Host-sid')).toBe(false)
  })
})
