import { createSessionToken, encodeBase64Url, hashSessionToken, parseSessionToken } from '@sigra/core'
import { sql } from '@sigra/mikro-orm'
import { data } from 'react-router'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAccounts } from './accounts.ts'
import { parseForm } from './conform.ts'
import { createTestApp, type TestApp, type TestRoute } from './testing-only/test-app.ts'
import { createTestBrowser, type TestBrowser } from './testing-only/test-browser.ts'
import {
  createTestSigra,
  createTestUser,
  recordQueries,
  type TestSigra,
  type TestUser,
} from './testing-only/test-sigra.ts'
import { refusalInit } from './refusal.ts'
import { wrapHandler } from './wrap-handler.ts'
import { z } from 'zod'

const LogIn = z.object({
  email: z.string(),
  password: z.string(),
  rememberMe: z.boolean().default(false),
  redirectTo: z.string().optional(),
})

let test: TestSigra
let app: TestApp
let user: TestUser

beforeAll(async () => {
  test = await createTestSigra()
  app = createTestApp(test.sigra, routes(test), { rootLoader: (args) => test.sigra.getUser(args) })
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.rows(sql`delete from sigra_limits`)
  user = await createTestUser(test)
})

function routes({ sigra }: TestSigra): Record<string, TestRoute> {
  const guarded = async (args: Parameters<NonNullable<TestRoute['loader']>>[0]) => {
    const { id, email } = await sigra.requireUser(args)
    return { id, email, secret: 'SECRET' }
  }
  return {
    home: { index: true, loader: async (args) => ({ notice: await sigra.flash.read(args) }) },
    'log-in': {
      path: 'users/log-in',
      async loader(args) {
        await sigra.requireAnonymous(args)
        return { notice: await sigra.flash.read(args) }
      },
      async action(args) {
        const form = await parseForm(args, LogIn)
        if (!form.ok) return data({ form: form.reply() }, { status: 400 })
        const result = await sigra.accounts.logInUser(args, form.value)
        return result.ok ? result.redirect() : data({ form: form.reply('No.') }, refusalInit(result))
      },
    },
    'log-out': {
      path: 'users/log-out',
      isPage: false,
      async action(args) {
        await sigra.accounts.logOutUser(args)
        return sigra.redirect(args, '/', { flash: 'Bye.' })
      },
    },
    dashboard: { path: 'dashboard', loader: guarded },
    details: { parentId: 'dashboard', path: 'details', loader: guarded, action: guarded },
    export: { path: 'export', isPage: false, loader: async (args) => Response.json(await guarded(args)) },
    link: {
      path: 'users/confirm/:token',
      isPage: false,
      loader: (args) => sigra.startMailFlow(args, 'confirm', args.params['token'], '/users/confirm/continue'),
    },
    continue: {
      path: 'users/confirm/continue',
      loader: async (args) => ({ hasFlow: (await sigra.readMailFlow(args, 'confirm')) !== null }),
    },
    public: { path: 'public', loader: () => 'anyone' },
    broken: {
      path: 'broken',
      loader() {
        throw new Error('CANARY select * from users')
      },
    },
  }
}

async function logIn(browser: TestBrowser, fields: Record<string, string> = {}, path = '/users/log-in') {
  return browser.submit(path, { email: user.email, password: user.password, ...fields })
}

async function signedIn(fields: Record<string, string> = {}): Promise<TestBrowser> {
  const browser = createTestBrowser(app)
  await logIn(browser, fields)
  expect(browser.cookies.has('__Host-sid')).toBe(true)
  return browser
}

async function countSessions(): Promise<number> {
  const [row] = await test.rows<{ count: number }>(
    sql`select count(*)::int as count from user_sessions where user_id = ${user.id}`,
  )
  return row?.count ?? -1
}

describe('one request', () => {
  it.each([
    ['a document', '/dashboard/details'],
    ['its data', '/dashboard/details.data'],
    ['one route of its data', '/dashboard/details.data?_routes=details'],
  ])('asks the database once for %s, however many loaders ask', async (_kind, path) => {
    const browser = await signedIn()
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
    const { cookies } = await signedIn()
    const texts = await recordQueries(test.orm, () => createTestBrowser(bare, cookies).visit('/public'))
    expect(texts).toEqual([])
  })
})

describe('session cookie', () => {
  it('SESS-01: a value from before log-in is never adopted', async () => {
    const planted = createSessionToken()
    const browser = createTestBrowser(app, new Map([['__Host-sid', String(planted)]]))
    await logIn(browser)
    expect(browser.cookies.get('__Host-sid')).not.toBe(planted)
    const attacker = createTestBrowser(app, new Map([['__Host-sid', String(planted)]]))
    expect((await attacker.visit('/dashboard')).status).toBe(303)
  })

  it('SESS-02: logging in again ends the token of before', async () => {
    const browser = await signedIn()
    const before = new Map(browser.cookies)
    await logIn(browser)
    expect((await createTestBrowser(app, before).visit('/dashboard')).status).toBe(303)
    expect((await browser.visit('/dashboard')).status).toBe(200)
  })

  it('SESS-05: what the database holds opens nothing', async () => {
    const browser = await signedIn()
    const token = parseSessionToken(browser.cookies.get('__Host-sid'))
    const stored = token && encodeBase64Url(hashSessionToken(token))
    const thief = createTestBrowser(app, new Map([['__Host-sid', String(stored)]]))
    expect((await thief.visit('/dashboard')).status).toBe(303)
  })

  it('SESS-06: a token replayed after log-out is anonymous everywhere', async () => {
    const browser = await signedIn()
    const stolen = new Map(browser.cookies)
    const answer = await browser.submit('/users/log-out', {})
    expect(answer.status).toBe(303)
    expect(browser.cookies.has('__Host-sid')).toBe(false)
    expect(await countSessions()).toBe(0)
    const thief = createTestBrowser(app, stolen)
    for (const path of ['/dashboard', '/dashboard/details.data?_routes=details', '/export']) {
      const replay = await thief.visit(path)
      expect(await replay.text()).not.toContain('SECRET')
    }
    expect(await (await thief.visit('/')).json()).toMatchObject({ loaderData: { root: null } })
  })

  it('SESS-06: log-out while the account is disabled ends the session for good', async () => {
    const browser = await signedIn()
    const stolen = new Map(browser.cookies)
    await test.rows(sql`update users set disabled_at = clock_timestamp() where id = ${user.id}`)
    await browser.submit('/users/log-out', {})
    expect(browser.cookies.has('__Host-sid')).toBe(false)
    await test.rows(sql`update users set disabled_at = null where id = ${user.id}`)
    expect((await createTestBrowser(app, stolen).visit('/dashboard')).status).toBe(303)
    expect(await countSessions()).toBe(0)
  })

  it('erases the storage of this site at log-out where the host asks for it', async () => {
    const { edge } = test.sigra
    const settings = { ...edge.settings, allowNoClientAddress: true, clearSiteDataOnLogOut: true }
    const args = { request: new Request('https://app.test/users/log-out', { method: 'POST' }) }
    await createAccounts({ ...edge, settings }).logOutUser(args)
    expect(test.sigra.headers(args).get('clear-site-data')).toBe('"cache", "storage"')
    const answer = await (await signedIn()).submit('/users/log-out', {})
    expect(answer.headers.get('clear-site-data')).toBeNull()
  })

  it('SESS-06: a late answer to a dead token sets no cookie, so a newer one lives on', async () => {
    const browser = await signedIn()
    const old = new Map(browser.cookies)
    await logIn(browser)
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
    const browser = await signedIn()
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
      const answer = await logIn(createTestBrowser(app), fields)
      return answer.headers.getSetCookie().find((line) => line.startsWith('__Host-sid='))
    }
    expect(await lineOf({})).toMatch(/^__Host-sid=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect(await lineOf({ rememberMe: 'on' })).toContain('; Max-Age=5184000;')
  })

  it('SESS-16: stands in no page, no data and no log line', async () => {
    const browser = await signedIn()
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
    const answer = await logIn(browser)
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
    const browser = await signedIn({ rememberMe: 'on' })
    const page = await browser.visit('/dashboard?tab=2')
    expect(page.headers.get('location')).toBe('/users/change-password?redirectTo=%2Fdashboard%3Ftab%3D2')
    expect(await (await browser.visit('/dashboard.data')).text()).toContain('/users/change-password')
    expect((await browser.visit('/users/log-in')).status).toBe(200)
  })

  it('SESS-13: is never remembered, and log-out wipes it', async () => {
    const browser = createTestBrowser(app)
    const answer = await logIn(browser, { rememberMe: 'on' })
    const sid = answer.headers.getSetCookie().find((line) => line.startsWith('__Host-sid='))
    expect(sid).not.toContain('Max-Age')
    expect(await countSessions()).toBe(1)
    await browser.submit('/users/log-out', {})
    expect(await countSessions()).toBe(0)
    expect(browser.cookies.has('__Host-sid')).toBe(false)
  })
})

describe('guards', () => {
  it.each([
    ['/dashboard', '/users/log-in?redirectTo=%2Fdashboard'],
    ['/dashboard?tab=2&index', '/users/log-in?redirectTo=%2Fdashboard%3Ftab%3D2'],
    ['/export', '/users/log-in?redirectTo=%2Fexport'],
  ])('send strangers from %s to log-in, and back', async (path, location) => {
    const answer = await createTestBrowser(app).visit(path)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe(location)
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it('RR-01 RR-02: a child asked for alone, or beside its parent, gives strangers nothing', async () => {
    for (const path of [
      '/dashboard/details.data?_routes=details',
      '/dashboard/details.data',
      '/dashboard/details',
    ]) {
      const text = await (await createTestBrowser(app).visit(path)).text()
      expect(text).not.toContain('SECRET')
    }
    const text = await (await createTestBrowser(app).visit('/dashboard/details.data?_routes=details')).text()
    expect(text).toContain('/users/log-in?redirectTo=%2Fdashboard%2Fdetails')
  })

  it('RR-05: an action is guarded by itself', async () => {
    const answer = await createTestBrowser(app).submit('/dashboard/details', {})
    expect(answer.status).toBe(303)
    expect(await answer.text()).not.toContain('SECRET')
  })

  it('send somebody who is signed in past the log-in page', async () => {
    const browser = await signedIn()
    const to = async (path: string) => (await browser.visit(path)).headers.get('location')
    expect(await to('/users/log-in?redirectTo=%2Fdashboard')).toBe('/dashboard')
    expect(await to('/users/log-in?redirectTo=%2F%2Fevil.test')).toBe('/')
    expect(await to('/users/log-in')).toBe('/')
  })

  it('RD-06: lead nowhere else after log-in, also in the payload of a data request', async () => {
    for (const redirectTo of ['//evil.test', 'https://evil.test/', '/\\evil.test', '/users/log-out']) {
      const page = await logIn(createTestBrowser(app), { redirectTo })
      expect(page.headers.get('location')).toBe('/')
      const payload = await (await logIn(createTestBrowser(app), { redirectTo }, '/users/log-in.data')).text()
      expect(payload).not.toContain('evil')
      await test.rows(sql`delete from sigra_limits`)
    }
    const page = await logIn(createTestBrowser(app), { redirectTo: '/dashboard?tab=2' })
    expect(page.headers.get('location')).toBe('/dashboard?tab=2')
  })

  it('INJ-12: give the listed columns, as a copy', async () => {
    const browser = await signedIn()
    const { loaderData } = JSON.parse(await (await browser.visit('/public')).text())
    expect(Object.keys(loaderData.root).sort()).toEqual(['confirmedAt', 'displayName', 'email', 'id'])
  })
})

describe('answers', () => {
  it('HDR-01: carry the headers on pages, data, redirects, unknown URLs and errors', async () => {
    const browser = await signedIn()
    for (const path of [
      '/',
      '/dashboard.data',
      '/users/log-in',
      '/nothing',
      '/nothing.data',
      '/__manifest',
      '/broken',
    ]) {
      const { headers } = await browser.visit(path)
      expect(headers.get('content-security-policy')).toContain("script-src 'nonce-")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000')
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  it('HDR-04: know their nonce where no middleware runs', async () => {
    const answer = await createTestBrowser(app).visit('/nothing')
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-security-policy')).toContain(
      `'nonce-${JSON.parse(await answer.text()).nonce}'`,
    )
  })

  it('HDR-03: are kept by no cache when they belong to somebody', async () => {
    const browser = await signedIn()
    for (const path of ['/', '/dashboard', '/dashboard.data', '/export']) {
      const { headers } = await browser.visit(path)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('vary')).toContain('Cookie')
    }
    expect((await logIn(createTestBrowser(app))).headers.get('cache-control')).toBe('no-store')
    const { headers } = await createTestBrowser(app).visit('/')
    expect(headers.get('cache-control')).toBeNull()
    expect(headers.get('vary')).toContain('Cookie')
  })

  it('RR-07: tell a visitor nothing of an error', async () => {
    const answer = await createTestBrowser(app).visit('/broken')
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain('CANARY')
  })

  it('write each cookie once', async () => {
    const browser = await signedIn()
    const answer = await browser.submit('/users/log-out', {})
    const names = answer.headers.getSetCookie().map((line) => line.split('=', 1)[0])
    expect(names.sort()).toEqual(['__Host-browser', '__Host-flash', '__Host-sid'])
    expect(await (await browser.visit('/')).json()).toMatchObject({
      loaderData: { home: { notice: 'Bye.' } },
    })
    expect(await (await browser.visit('/')).json()).toMatchObject({ loaderData: { home: { notice: null } } })
  })
})

describe('a mailed link', () => {
  it('TOK-09: leaves its token nowhere: not in the address, a referrer, a cache or the page', async () => {
    const browser = createTestBrowser(app)
    const landing = await browser.visit('/users/confirm/CANARY')
    expect(landing.status).toBe(303)
    expect(landing.headers.get('referrer-policy')).toBe('no-referrer')
    expect(landing.headers.get('cache-control')).toBe('no-store')
    expect(landing.headers.getSetCookie()).toHaveLength(1)

    const page = await browser.visit(String(landing.headers.get('location')))
    expect(page.headers.get('referrer-policy')).toBe('same-origin')
    expect(page.headers.get('cache-control')).toBe('no-store')
    const text = await page.text()
    expect(JSON.parse(text)).toMatchObject({ loaderData: { continue: { hasFlow: true } } })
    expect(text).not.toContain('CANARY')
  })

  it('TOK-11: is out of date in a browser that did not open it', async () => {
    const landing = await createTestBrowser(app).visit('/users/confirm/CANARY')
    const page = await createTestBrowser(app).visit(String(landing.headers.get('location')))
    expect(await page.json()).toMatchObject({ loaderData: { continue: { hasFlow: false } } })
  })
})

describe('a form of another site', () => {
  it('CSRF-01: logs nobody in', async () => {
    for (const path of ['/users/log-in', '/users/log-in.data']) {
      const browser = createTestBrowser(app)
      const answer = await browser.submit(
        path,
        { email: user.email, password: user.password },
        { from: 'other-site' },
      )
      expect(answer.status).toBe(403)
      expect(browser.cookies.size).toBe(0)
    }
    expect(await countSessions()).toBe(0)
  })

  it('CSRF-09: logs nobody out', async () => {
    const browser = await signedIn()
    expect((await browser.submit('/users/log-out', {}, { from: 'other-site' })).status).toBe(403)
    expect((await browser.submit('/users/log-out', {}, { from: 'no-browser' })).status).toBe(403)
    expect((await browser.visit('/dashboard')).status).toBe(200)
  })

  it('RR-06: is refused at resource routes and loader-only routes alike', async () => {
    const browser = await signedIn()
    for (const path of ['/export', '/dashboard', '/public.data', '/nothing']) {
      expect((await browser.submit(path, {}, { from: 'other-site' })).status).toBe(403)
    }
  })
})

describe('without a wrapper', () => {
  let bare: TestApp
  beforeAll(() => {
    bare = createTestApp(test.sigra, routes(test), { isWrapped: false })
  })

  it('CSRF-02: the middleware checks the origin itself', async () => {
    const cookies = (await signedIn()).cookies
    const answer = await createTestBrowser(bare, cookies).submit('/users/log-out', {}, { from: 'other-site' })
    expect(answer.status).toBe(403)
    expect(await countSessions()).toBe(1)
  })

  it('HDR-01: adds the headers it can, with one nonce', async () => {
    const answer = await createTestBrowser(bare).visit('/')
    const { nonce } = JSON.parse(await answer.text())
    expect(answer.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`)
  })

  it('RL-08: production logs nobody in, because nobody knows who calls', async () => {
    const browser = createTestBrowser(bare)
    expect((await logIn(browser)).status).toBe(503)
    expect(browser.cookies.size).toBe(0)
  })

  it('still asks the database once', async () => {
    const { cookies } = await signedIn()
    const texts = await recordQueries(test.orm, () =>
      createTestBrowser(bare, cookies).visit('/dashboard/details'),
    )
    expect(texts).toHaveLength(1)
  })
})

describe('a host without middleware', () => {
  it('gets the cookies with the redirect, or from sigra.headers', async () => {
    const open = { ...test.sigra.edge, settings: { ...test.sigra.edge.settings, allowNoClientAddress: true } }
    const args = { request: new Request('https://app.test/users/log-in', { method: 'POST' }) }
    const result = await createAccounts(open).logInUser(args, { email: user.email, password: user.password })
    const redirect = result.ok ? result.redirect() : null
    expect(redirect?.headers.getSetCookie().map((line) => line.split('=', 1)[0])).toEqual([
      '__Host-browser',
      '__Host-sid',
    ])
    expect(test.sigra.headers(args).getSetCookie()).toEqual([])
  })

  it('is asked once for all copies of a wrapped request, as Remix 2 makes one per loader', async () => {
    const { cookies } = await signedIn()
    const host = wrapHandler(
      async (request: Request) => {
        const users = await Promise.all(
          [1, 2, 3].map(() => test.sigra.getUser({ request: new Request(request) })),
        )
        return Response.json(users.map((each) => each?.email))
      },
      { sigra: () => test.sigra, socketAddress: () => '203.0.113.9' },
    )
    const texts = await recordQueries(test.orm, async () => {
      const answer = await createTestBrowser(host, cookies).visit('/')
      expect(await answer.json()).toEqual([user.email, user.email, user.email])
    })
    expect(texts).toHaveLength(1)
  })

  it('HDR-03: lets no cache keep what belongs to somebody, where a wrapper stands around it', async () => {
    const { cookies } = await signedIn()
    const host = wrapHandler(
      async (request: Request) => {
        const user = request.url.endsWith('/mine') ? await test.sigra.getUser({ request }) : null
        return new Response(user?.email, { headers: { 'Cache-Control': 'max-age=60', Vary: 'Accept' } })
      },
      { sigra: () => test.sigra, socketAddress: () => '203.0.113.9' },
    )
    const browser = createTestBrowser(host, cookies)
    const mine = await browser.visit('/mine')
    expect(mine.headers.get('cache-control')).toBe('no-store')
    expect(mine.headers.get('vary')).toBe('Accept, Cookie')
    expect((await browser.visit('/anyone')).headers.get('cache-control')).toBe('max-age=60')
  })

  it('is asked once per request object, and one context shared by a host tells nobody apart wrongly', async () => {
    const context = {}
    const { cookies } = await signedIn()
    const request = new Request('https://app.test/', {
      headers: { cookie: `__Host-sid=${cookies.get('__Host-sid')}` },
    })
    const texts = await recordQueries(test.orm, async () => {
      await test.sigra.getUser({ request, context })
      await test.sigra.getUser({ request, context })
    })
    expect(texts).toHaveLength(1)
    expect(await test.sigra.getUser({ request: new Request('https://app.test/'), context })).toBeNull()
  })
})

describe('health', () => {
  it('is live and ready, in JSON without versions', async () => {
    expect(await test.sigra.health.live().json()).toEqual({ status: 'ok' })
    const ready = await test.sigra.health.ready()
    expect(await ready.json()).toMatchObject({ database: 'up' })
    expect(JSON.stringify([...ready.headers])).not.toMatch(/postgres|sigra\//i)
  })
})
