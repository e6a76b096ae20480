import { sql } from '@sigra/mikro-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAccountApp, logIn, signedIn } from './testing-only/account-app.ts'
import type { TestApp } from './testing-only/test-app.ts'
import { createTestBrowser } from './testing-only/test-browser.ts'
import { createTestSigra, createTestUser, type TestSigra, type TestUser } from './testing-only/test-sigra.ts'

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

describe('answers', () => {
  it('HDR-01: carry the headers on pages, data, redirects, unknown URLs and errors', async () => {
    const browser = await signedIn(app, user)
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
    const browser = await signedIn(app, user)
    for (const path of ['/', '/dashboard', '/dashboard.data', '/export']) {
      const { headers } = await browser.visit(path)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('vary')).toContain('Cookie')
    }
    expect((await logIn(createTestBrowser(app), user)).headers.get('cache-control')).toBe('no-store')
    const { headers } = await createTestBrowser(app).visit('/')
    expect(headers.get('cache-control')).toBeNull()
    expect(headers.get('vary')).toContain('Cookie')
  })

  it('RR-07: tell a visitor nothing of an error', async () => {
    const answer = await createTestBrowser(app).visit('/broken')
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain('CANARY')
  })

  it('say when to try again, although no route exports its headers', async () => {
    const browser = createTestBrowser(app)
    const again = async (path: string) => logIn(browser, { ...user, password: 'not my password' }, {}, path)
    for (const path of ['/users/log-in', '/users/log-in.data']) {
      let answer = await again(path)
      for (let tries = 0; answer.status === 400 && tries < 30; tries++) answer = await again(path)
      expect(answer.status).toBe(429)
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    const { headers } = await browser.visit('/users/log-in')
    expect(headers.get('retry-after')).toBeNull()
  })

  it('write each cookie once', async () => {
    const browser = await signedIn(app, user)
    const answer = await browser.submit('/users/log-out', {})
    const names = answer.headers.getSetCookie().map((line) => line.split('=', 1)[0])
    expect(names.sort()).toEqual(['__Host-browser', '__Host-flash', '__Host-sid'])
    expect(await (await browser.visit('/')).json()).toMatchObject({
      loaderData: { home: { notice: 'Bye.' } },
    })
    expect(await (await browser.visit('/')).json()).toMatchObject({ loaderData: { home: { notice: null } } })
  })
})
