import { createSoftwarePasskey, type SoftwarePasskey } from '@sigra/core/testing'
import { sql } from '@sigra/mikro-orm'
import { data } from 'react-router'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseJson } from '../conform.ts'
import { type Refusal, refusalInit } from '../refusal.ts'
import { passkeysArea } from './passkeys-area.ts'
import { createTestApp, type TestApp, type TestRoute } from '../testing-only/test-app.ts'
import { createTestBrowser, type TestBrowser } from '../testing-only/test-browser.ts'
import { createTestSigra, createTestUser, type TestSigra, type TestUser } from '../testing-only/test-sigra.ts'

const Answer = z.object({
  response: z.unknown(),
  redirectTo: z.string().optional(),
  rememberMe: z.boolean().optional(),
})

let test: TestSigra
let app: TestApp
let user: TestUser
let browser: TestBrowser

beforeAll(async () => {
  test = await createTestSigra()
  app = createTestApp(test.sigra, routes(test), { rootLoader: (args) => test.sigra.getUser(args) })
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.rows(sql`delete from sigra_limits`)
  user = await createTestUser(test)
  browser = createTestBrowser(app)
})

type Args = Parameters<NonNullable<TestRoute['action']>>[0]

function routes({ sigra, entities }: TestSigra): Record<string, TestRoute> {
  const { accounts } = sigra
  const passkeys = sigra.area(passkeysArea({ entities }))
  const tell = (result: { ok: true; path: string } | Refusal) =>
    result.ok ? { redirect: result.path } : data({ reason: result.reason }, refusalInit(result))
  const pair = (
    path: string,
    start: (args: Args) => Promise<{ ok: true; options: object } | Refusal>,
    finish: (args: Args, input: z.infer<typeof Answer>) => Promise<{ ok: true; path: string } | Refusal>,
  ): Record<string, TestRoute> => ({
    [`${path}/options`]: {
      path: `${path}/options`,
      isPage: false,
      async action(args) {
        const started = await start(args)
        return started.ok ? { options: started.options } : tell({ ...started, ok: false })
      },
    },
    [path]: {
      path,
      isPage: false,
      async action(args) {
        const body = await parseJson(args, Answer)
        return body.ok ? tell(await finish(args, body.value)) : tell(body)
      },
    },
  })
  return {
    'log-in': {
      path: 'users/log-in',
      async action(args) {
        const result = await accounts.logInUser(args, { email: user.email, password: user.password })
        return result.ok ? result.redirect() : data(null, refusalInit(result))
      },
    },
    'log-in-and-offer': {
      path: 'log-in-and-offer',
      isPage: false,
      async action(args) {
        const result = await accounts.logInUser(args, { email: user.email, password: user.password })
        return Response.json([result.ok, await passkeys.offerUserPasskey(args)])
      },
    },
    'offer-late': {
      path: 'offer-late',
      isPage: false,
      async action(args) {
        await sigra.requireUser(args)
        await test.rows(sql`delete from user_sessions where user_id = ${user.id}`) // elsewhere, a moment ago
        return Response.json(await passkeys.offerUserPasskey(args))
      },
    },
    ...pair('users/log-in/passkey', passkeys.createPasskeyLogIn, passkeys.logInUserByPasskey),
    ...pair(
      'users/mfa/passkey',
      passkeys.createPasskeySecondFactor,
      passkeys.verifyUserSecondFactorByPasskey,
    ),
    ...pair('users/sudo/passkey', passkeys.createPasskeySudo, passkeys.sudoByPasskey),
    ...pair('users/settings/mfa/passkeys', passkeys.createPasskeyEnrolment, passkeys.addUserPasskey),
    list: {
      path: 'list',
      isPage: false,
      loader: async (args) => (await passkeys.listUserPasskeys(args)).map(({ nickname }) => nickname),
    },
    way: {
      path: 'way',
      isPage: false,
      loader: (args) => Response.json(passkeys.usedPasskeyHere(args)),
    },
    whoami: {
      path: 'whoami',
      isPage: false,
      loader: async (args) => Response.json(await sigra.getUser(args)),
    },
  }
}

const post = (path: string, value: unknown, from = browser, init: RequestInit = {}) =>
  from.visit(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(value),
    ...init,
  })
const optionsOf = async (path: string, from = browser) => {
  const response = await post(`${path}/options`, {}, from)
  expect(response.status).toBe(200)
  const body = await response.json()
  return body.options
}
const origin = 'https://app.test'

/** Signs in by password and adds a passkey. */
async function enrol(): Promise<SoftwarePasskey> {
  const key = createSoftwarePasskey()
  await browser.submit('/users/log-in', {})
  const options = await optionsOf('/users/settings/mfa/passkeys')
  const response = key.enrol(options, origin)
  const added = await post('/users/settings/mfa/passkeys', { response })
  expect(await added.json()).toEqual({ redirect: '/' })
  return key
}

async function logIn(key: SoftwarePasskey, from: TestBrowser, extra: object = {}): Promise<Response> {
  const options = await optionsOf('/users/log-in/passkey', from)
  return post('/users/log-in/passkey', { response: key.authenticate(options, origin), ...extra }, from)
}

describe('the passkey ceremonies', () => {
  it('enrol, list and sign in, under cookies of our own', async () => {
    const key = await enrol()
    expect(await (await browser.visit('/list')).json()).toEqual(['Passkey'])
    const fresh = createTestBrowser(app)
    const answer = await logIn(key, fresh, { redirectTo: '/dashboard', rememberMe: true })
    expect(await answer.json()).toEqual({ redirect: '/dashboard' })
    const cookies = answer.headers.getSetCookie()
    expect(cookies.filter((line) => line.startsWith('__Host-sid='))).toEqual([
      expect.stringContaining('Max-Age=5184000'),
    ])
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
    expect(await (await fresh.visit('/whoami')).json()).toMatchObject({ email: user.email })
  })

  it('leave in the browser that one was used there, for a year, signed in or not', async () => {
    const key = await enrol()
    const fresh = createTestBrowser(app)
    const whereItWas = async (from: TestBrowser) => (await from.visit('/way')).json()
    expect(await whereItWas(fresh)).toBe(false)
    const refused = await post('/users/log-in/passkey', { response: {} }, fresh)
    expect(refused.headers.getSetCookie().join()).not.toContain('__Host-way=')
    const answer = await logIn(key, fresh)
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('__Host-way='))
    expect(cookie).toBe('__Host-way=passkey; Max-Age=31536000; Path=/; HttpOnly; Secure; SameSite=Lax')
    expect(await whereItWas(fresh)).toBe(true)
    fresh.cookies.delete('__Host-sid')
    expect(await whereItWas(fresh)).toBe(true)
    fresh.cookies.set('__Host-way', 'something else')
    expect(await whereItWas(fresh)).toBe(false)
  })

  it('RD-01: lead to pages of the app alone', async () => {
    const key = await enrol()
    for (const redirectTo of ['//evil.test', 'https://evil.test', '/users/log-in', '/\\evil.test']) {
      const answer = await logIn(key, createTestBrowser(app), { redirectTo })
      expect(await answer.json()).toEqual({ redirect: '/' })
    }
  })

  it('are answered to data requests, too', async () => {
    const key = await enrol()
    const fresh = createTestBrowser(app)
    const options = await optionsOf('/users/log-in/passkey', fresh)
    const response = key.authenticate(options, origin)
    const answer = await post('/users/log-in/passkey.data', { response }, fresh)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('"redirect"')
    expect(await (await fresh.visit('/whoami')).json()).toMatchObject({ email: user.email })
  })

  it('CSRF-06: are refused from other sites, before anything is read', async () => {
    for (const path of [
      '/users/log-in/passkey/options',
      '/users/log-in/passkey',
      '/users/log-in/passkey.data',
    ]) {
      const answer = await browser.visit(path, {
        method: 'POST',
        from: 'other-site',
        headers: { 'Content-Type': 'text/plain' },
        body: '{}',
      })
      expect(answer.status).toBe(403)
    }
    expect(browser.cookies.size).toBe(0)
  })

  it('PK-17: refuse a body that is no answer', async () => {
    for (const body of ['', '{', '[]']) {
      const answer = await post('/users/log-in/passkey', null, browser, { body })
      expect(answer.status).toBe(400)
    }
    const body = JSON.stringify({ response: 'x'.repeat(70_000) })
    expect((await post('/users/log-in/passkey', null, browser, { body })).status).toBe(413)
    const answer = await post('/users/log-in/passkey', { response: { id: 7 } })
    expect([answer.status, await answer.json()]).toEqual([400, { reason: 'invalid-passkey' }])
  })

  it('ENUM-11: tell nothing about who has an account', async () => {
    const first = await optionsOf('/users/log-in/passkey')
    await enrol()
    const second = await optionsOf('/users/log-in/passkey', createTestBrowser(app))
    expect(first.allowCredentials).toEqual([])
    expect({ ...second, challenge: '' }).toEqual({ ...first, challenge: '' })
  })

  it('give the second factor, and sudo under another token', async () => {
    const key = await enrol()
    await test.rows(sql`update users set require_second_step = true where id = ${user.id}`)
    await test.rows(sql`
      insert into user_backup_codes (id, user_id, lookup_prefix, code_hash, created_at)
      values (gen_random_uuid(), ${user.id}, 'x', 'x', now())`)
    const fresh = createTestBrowser(app)
    await fresh.submit('/users/log-in', {})
    expect(await (await fresh.visit('/whoami')).json()).toBeNull()
    const challenge = await optionsOf('/users/mfa/passkey', fresh)
    const verified = { response: key.authenticate(challenge, origin), redirectTo: '/dashboard' }
    expect(await (await post('/users/mfa/passkey', verified, fresh)).json()).toEqual({
      redirect: '/dashboard',
    })
    expect(await (await fresh.visit('/whoami')).json()).toMatchObject({ email: user.email })

    const former = fresh.cookies.get('__Host-sid')
    const asked = await optionsOf('/users/sudo/passkey', fresh)
    const given = { response: key.authenticate(asked, origin), redirectTo: '/users/settings' }
    expect(await (await post('/users/sudo/passkey', given, fresh)).json()).toEqual({
      redirect: '/users/settings',
    })
    expect(fresh.cookies.get('__Host-sid')).not.toBe(former)
  })

  it('PK-13, SUDO-01: say to a script what a page would be redirected for', async () => {
    for (const path of ['/users/settings/mfa/passkeys/options', '/users/sudo/passkey/options']) {
      const answer = await post(path, {})
      expect(await answer.json()).toEqual({ reason: 'sudo-required' })
    }
    await browser.submit('/users/log-in', {})
    await test.rows(
      sql`update user_sessions set sudo_at = now() - interval '11 minutes' where user_id = ${user.id}`,
    )
    for (const path of ['/users/settings/mfa/passkeys/options', '/users/settings/mfa/passkeys']) {
      const answer = await post(path, { response: {} })
      expect([answer.status, await answer.json()]).toEqual([400, { reason: 'sudo-required' }])
    }
  })
})

describe('the offer of a passkey', () => {
  const logInAndOffer = async (from = browser) => (await from.submit('/log-in-and-offer', {})).json()

  it('is made in the request that lets somebody in, once, though it was the first of this browser', async () => {
    expect(browser.cookies.size).toBe(0)
    expect(await logInAndOffer()).toEqual([true, true])
    expect(await logInAndOffer()).toEqual([true, false])
    expect(await logInAndOffer(createTestBrowser(app))).toEqual([true, true])
  })

  it('is not made where there is a passkey', async () => {
    await enrol()
    expect(await logInAndOffer(createTestBrowser(app))).toEqual([true, false])
  })

  it('lets a log-in go its way whose session has gone on meanwhile', async () => {
    await browser.submit('/users/log-in', {})
    const answer = await browser.submit('/offer-late', {})
    expect([answer.status, await answer.json()]).toEqual([200, false])
  })

  it('is a form of no other site', async () => {
    const answer = await browser.visit('/users/log-in/add-passkey', { method: 'POST', from: 'other-site' })
    expect(answer.status).toBe(403)
  })
})
