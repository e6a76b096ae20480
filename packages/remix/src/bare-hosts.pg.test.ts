import { sql } from '@sigra/mikro-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAccounts } from './accounts.ts'
import {
  accountRoutes,
  countSessions,
  createAccountApp,
  logIn,
  signedIn,
} from './testing-only/account-app.ts'
import { createTestApp, type TestApp } from './testing-only/test-app.ts'
import { createTestBrowser } from './testing-only/test-browser.ts'
import {
  createTestSigra,
  createTestUser,
  recordQueries,
  type TestSigra,
  type TestUser,
} from './testing-only/test-sigra.ts'
import { wrapHandler } from './wrap-handler.ts'

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

describe('without a wrapper', () => {
  let bare: TestApp
  beforeAll(() => {
    bare = createTestApp(test.sigra, accountRoutes(test.sigra), { isWrapped: false })
  })

  it('CSRF-02: the middleware checks the origin itself', async () => {
    const cookies = (await signedIn(app, user)).cookies
    const answer = await createTestBrowser(bare, cookies).submit('/users/log-out', {}, { from: 'other-site' })
    expect(answer.status).toBe(403)
    expect(await countSessions(test, user)).toBe(1)
  })

  it('HDR-01: adds the headers it can, with one nonce', async () => {
    const answer = await createTestBrowser(bare).visit('/')
    const { nonce } = JSON.parse(await answer.text())
    expect(answer.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`)
  })

  it('RL-08: production logs nobody in, because nobody knows who calls', async () => {
    const browser = createTestBrowser(bare)
    expect((await logIn(browser, user)).status).toBe(503)
    expect(browser.cookies.size).toBe(0)
  })

  it('still asks the database once', async () => {
    const { cookies } = await signedIn(app, user)
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
      '__Host-sid',
      '__Host-browser',
    ])
    expect(test.sigra.headers(args).getSetCookie()).toEqual([])
  })

  it('is asked once for all copies of a wrapped request, as Remix 2 makes one per loader', async () => {
    const { cookies } = await signedIn(app, user)
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
    const { cookies } = await signedIn(app, user)
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
    const { cookies } = await signedIn(app, user)
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
