import type { TokenPurpose } from '@sigra/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RequestArgs } from './request/request-args.ts'
import { accountRoutes, createAccountApp, logIn } from './testing-only/account-app.ts'
import { createTestApp, type TestApp } from './testing-only/test-app.ts'
import { createTestBrowser } from './testing-only/test-browser.ts'
import { createTestSigra, createTestUser, type TestSigra } from './testing-only/test-sigra.ts'

let test: TestSigra
let app: TestApp

beforeAll(async () => {
  test = await createTestSigra()
  app = createAccountApp(test.sigra)
})
afterAll(() => test.close())

describe('a mailed link', () => {
  it('TOK-09: leaves its token nowhere: not in the address, a referrer, a cache or the page', async () => {
    const browser = createTestBrowser(app)
    const landing = await browser.visit('/users/confirm/CANARY')
    expect(landing.status).toBe(303)
    expect(landing.headers.get('referrer-policy')).toBe('no-referrer')
    expect(landing.headers.get('cache-control')).toBe('no-store')
    expect(landing.headers.getSetCookie()).toHaveLength(2) // the flow, and the browser's id

    const page = await browser.visit(String(landing.headers.get('location')))
    expect(page.headers.get('referrer-policy')).toBe('same-origin')
    expect(page.headers.get('cache-control')).toBe('no-store')
    const text = await page.text()
    expect(JSON.parse(text)).toMatchObject({ loaderData: { continue: { hasFlow: true } } })
    expect(text).not.toContain('CANARY')
  })

  it('TOK-09: is read by no page that a cache keeps, whose ever the page is', async () => {
    const readFlow = async (args: RequestArgs) => ({
      hasFlow: (await test.sigra.readMailFlow(args, 'confirm')) !== null,
    })
    const elsewhere = { path: 'elsewhere', loader: readFlow }
    const browser = createTestBrowser(createTestApp(test.sigra, { ...accountRoutes(test.sigra), elsewhere }))
    for (const path of ['/elsewhere', '/elsewhere.data?_routes=elsewhere']) {
      expect((await browser.visit(path)).headers.get('cache-control')).toBe('no-store')
    }
    expect((await browser.visit('/public')).headers.get('cache-control')).toBeNull()
  })

  it('TOK-11: is out of date in a browser that did not open it', async () => {
    const landing = await createTestBrowser(app).visit('/users/confirm/CANARY')
    const page = await createTestBrowser(app).visit(String(landing.headers.get('location')))
    expect(await page.json()).toMatchObject({ loaderData: { continue: { hasFlow: false } } })
  })

  it.each([
    ['somebody else signs in', 'second'],
    ['the same person signs in anew', 'first'],
    ['who opened it signs out', null],
  ] as const)('TOK-04: is out of date once %s', async (_, signedIn) => {
    const users = { first: await createTestUser(test), second: await createTestUser(test) }
    const browser = createTestBrowser(app)
    await logIn(browser, users.first)
    const landing = await browser.visit('/users/confirm/CANARY')
    const path = String(landing.headers.get('location'))
    expect(await (await browser.visit(path)).json()).toMatchObject({
      loaderData: { continue: { hasFlow: true } },
    })
    if (signedIn) await logIn(browser, users[signedIn])
    else await browser.submit('/users/log-out', {})
    expect(await (await browser.visit(path)).json()).toMatchObject({
      loaderData: { continue: { hasFlow: false } },
    })
  })

  it('of an area stays over a log-in and a log-out where the area says so', async () => {
    const linkMails = test.runtime.areas.flatMap(({ declaration }) =>
      Object.values(declaration.linkMails ?? {}),
    )
    expect(linkMails.map(({ purpose }) => purpose)).toContain('invitation')
    for (const { purpose, staysOverLogIn } of linkMails) {
      const browser = createTestBrowser(createAppWithLink(purpose))
      const path = String((await browser.visit('/opened')).headers.get('location'))
      const hasFlow = async () => (await browser.visit(path)).json()
      expect(await hasFlow()).toMatchObject({ loaderData: { page: { hasFlow: true } } })
      await logIn(browser, await createTestUser(test))
      expect(await hasFlow()).toMatchObject({ loaderData: { page: { hasFlow: staysOverLogIn } } })
      await browser.submit('/users/log-out', {})
      expect(await hasFlow()).toMatchObject({ loaderData: { page: { hasFlow: staysOverLogIn } } })
    }
  })
})

/** An app with a page of an area's that a link of it leads to. */
function createAppWithLink(purpose: TokenPurpose): TestApp {
  const { sigra } = test
  return createTestApp(sigra, {
    ...accountRoutes(sigra),
    opened: {
      path: 'opened',
      isPage: false,
      loader: (args) => sigra.startMailFlow(args, purpose, 'CANARY', '/page'),
    },
    page: {
      path: 'page',
      loader: async (args) => ({ hasFlow: (await sigra.readMailFlow(args, purpose)) !== null }),
    },
  })
}
