import { sql } from '@sigra/mikro-orm'
import type { ActionFunctionArgs } from 'react-router'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseForm } from './conform.ts'
import { askAnew } from './overtaken.ts'
import { visitOf } from './request/visit.ts'
import { accountRoutes, countSessions, logIn, signedIn } from './testing-only/account-app.ts'
import {
  createExpressApp,
  type ExpressApp,
  type HeldRequest,
  holdRequest,
} from './testing-only/express-app.ts'
import { createTestApp, type TestApp, type TestAppOptions } from './testing-only/test-app.ts'
import { createTestBrowser, type TestBrowser } from './testing-only/test-browser.ts'
import { createTestSigra, createTestUser, type TestSigra, type TestUser } from './testing-only/test-sigra.ts'

let test: TestSigra
let express: ExpressApp
let app: TestApp
beforeAll(async () => {
  test = await createTestSigra()
  app = appOf()
  express = await createExpressApp(test.sigra.edge, appOf({ isWrapped: false }))
})
afterAll(async () => {
  await express.close()
  await test.close()
})

const Password = z.object({ password: z.string() })
const THIEF = 'the thief has come to stay'
const OWNER = 'seven herons over the weir'

/** A page of ours and one of the host's: each guards first and reads then, as a route may. */
function appOf(options: TestAppOptions = {}): TestApp {
  const { sigra } = test
  const action = async (args: ActionFunctionArgs) => {
    await sigra.requireSudo(args)
    await entered?.(args)
    const form = await parseForm(args, Password)
    if (!form.ok) return form.reply()
    const result = await sigra.accounts.changeUserPassword(args, form.value)
    return result.ok ? sigra.redirect(args, '/dashboard') : result
  }
  const routes = {
    ...accountRoutes(sigra),
    settings: { path: 'users/settings', action },
    host: { path: 'account', action },
    script: { path: 'users/confirm/script', action, isPage: false },
  }
  return createTestApp(sigra, routes, { ...options, rootLoader: (args) => sigra.getUser(args) })
}

let entered: ((args: ActionFunctionArgs) => Promise<void> | void) | null = null
afterEach(async () => {
  entered = null
  await test.rows(sql`delete from sigra_limits`)
})

/** A request that the server has, all but its last byte. */
async function hold(
  browser: TestBrowser,
  path: string,
  changes: { head?: string[]; body?: string } = {},
): Promise<HeldRequest> {
  const body = changes.body ?? String(new URLSearchParams({ password: THIEF }))
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: app.test',
    'Origin: https://app.test',
    `Cookie: ${cookie}`,
    'Connection: close',
    ...(changes.head ?? [
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${body.length}`,
    ]),
  ]
  const before = express.arrived
  const held = holdRequest(express.port, head, body.slice(0, -1))
  await expect.poll(() => express.arrived).toBe(before + 1)
  return held
}

async function changePassword(browser: TestBrowser): Promise<void> {
  const response = await browser.submit('/users/settings', { password: OWNER })
  expect([response.status, response.headers.get('location')]).toEqual([303, '/dashboard'])
}

const isSignedIn = async (browser: TestBrowser) => (await browser.visit('/dashboard')).status === 200
const canLogIn = async ({ email }: TestUser, password: string) =>
  (await createTestBrowser(app).submit('/users/log-in', { email, password })).status === 303

describe('a request to a page of ours whose last bytes were held back', () => {
  it('SESS-20: is a stranger’s once its owner has changed the password meanwhile', async () => {
    const user = await createTestUser(test)
    const owner = await signedIn(app, user)
    const thief = createTestBrowser(app, new Map(owner.cookies))
    const { socket, answered } = await hold(thief, '/users/settings')
    await changePassword(owner)
    socket.write('y')
    const answer = await answered
    expect(answer).toMatch(/^HTTP\/1.1 303 /)
    expect(answer).toMatch(/\r\nlocation: \/users\/log-in/i)
    expect(answer).not.toMatch(/\r\nset-cookie:/i)
    expect(await isSignedIn(owner)).toBe(true)
    expect(await countSessions(test, user)).toBe(1)
    expect(await canLogIn(user, THIEF)).toBe(false)
    expect(await canLogIn(user, OWNER)).toBe(true)
  })

  it('SESS-20: is a stranger’s once the account was disabled meanwhile', async () => {
    const user = await createTestUser(test)
    const { socket, answered } = await hold(await signedIn(app, user), '/users/settings')
    await test.rows(sql`update users set disabled_at = clock_timestamp() where id = ${user.id}`)
    socket.write('y')
    expect(await answered).toMatch(/^HTTP\/1.1 303 /)
    await test.rows(sql`update users set disabled_at = null where id = ${user.id}`)
    expect(await canLogIn(user, THIEF)).toBe(false)
  })
})

describe('a request whose session went on after its guard', () => {
  /** Guarded, and then overtaken by its owner. */
  async function overtaken(path: string, init: RequestInit = {}) {
    const user = await createTestUser(test)
    const owner = await signedIn(app, user)
    const thief = createTestBrowser(app, new Map(owner.cookies))
    entered = async () => {
      entered = null
      await changePassword(owner)
    }
    const response = await thief.submit(path, { password: THIEF }, init)
    return { user, owner, response }
  }

  it('SESS-20: asks for the same page anew, changes nothing and writes no cookie', async () => {
    const { user, owner, response } = await overtaken('/account?tab=password')
    expect([response.status, response.headers.get('location')]).toEqual([303, '/account?tab=password'])
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await isSignedIn(owner)).toBe(true)
    expect(await canLogIn(user, THIEF)).toBe(false)
  })

  it('SESS-20: tells a script so, by 401 and without a cookie', async () => {
    const { owner, response } = await overtaken('/users/confirm/script', {
      headers: { Accept: 'application/json' },
    })
    expect(response.status).toBe(401)
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await response.json()).toMatchObject({ ok: false, reason: 'session-ended' })
    expect(await isSignedIn(owner)).toBe(true)
  })

  it('SESS-20: leads nowhere else, whatever its path looks like', () => {
    const args = { request: new Request('https://app.test//evil.test/account', { method: 'POST' }) }
    const { edge } = test.sigra
    expect(askAnew(visitOf(edge, args)).headers.get('location')).toBe('/')
  })

  it('SESS-20: lets log-out end nothing, and take no newer cookie away', async () => {
    const user = await createTestUser(test)
    const owner = await signedIn(app, user)
    const late = createTestBrowser(app, new Map(owner.cookies))
    await changePassword(owner)
    const response = await late.submit('/users/log-out', {})
    expect([response.status, response.headers.get('location')]).toEqual([303, '/users/log-out'])
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await isSignedIn(owner)).toBe(true)
  })

  it('SESS-20: lets a sign-in as somebody else end only what its own cookie stands for', async () => {
    const [user, other] = [await createTestUser(test), await createTestUser(test)]
    const owner = await signedIn(app, user)
    const late = createTestBrowser(app, new Map(owner.cookies))
    await changePassword(owner)
    expect((await logIn(late, other)).status).toBe(303)
    expect(await isSignedIn(owner)).toBe(true)
    expect(await isSignedIn(late)).toBe(true)
  })
})

describe('a guard of the host’s after its body was read', () => {
  it('SESS-20: asks anew, whoever was let in before', async () => {
    const user = await createTestUser(test)
    const owner = await signedIn(app, user)
    const thief = createTestBrowser(app, new Map(owner.cookies))
    entered = async (args) => {
      entered = null
      await args.request.text()
      await changePassword(owner)
      await test.sigra.requireUser(args)
      throw new Error('it was let in again')
    }
    const response = await thief.submit('/account', { password: THIEF })
    expect([response.status, response.headers.get('location')]).toEqual([
      303,
      '/users/log-in?redirectTo=%2Faccount',
    ])
  })
})

describe('two renewals at once', () => {
  it('SESS-21: have one winner; the loser writes no cookie, and who holds the winner’s is signed in', async () => {
    for (let round = 0; round < 60; round++) {
      await test.rows(sql`delete from sigra_limits`)
      const user = await createTestUser(test)
      const owner = await signedIn(app, user)
      const tabs = [0, 1].map(() => createTestBrowser(app, new Map(owner.cookies)))
      const responses = await Promise.all(
        tabs.map((tab, index) => tab.submit('/account', { password: `${OWNER} ${index}` })),
      )
      const sent = responses.flatMap((response) =>
        response.headers.getSetCookie().filter((cookie) => cookie.startsWith('__Host-sid=')),
      )
      expect(sent).toHaveLength(1)
      expect(responses.filter((response) => response.headers.getSetCookie().length > 0)).toHaveLength(1)
      const winner = tabs.find((tab) => tab.cookies.get('__Host-sid') !== owner.cookies.get('__Host-sid'))
      expect(winner && (await isSignedIn(winner))).toBe(true)
      expect(await countSessions(test, user)).toBe(1)
    }
  })
})
