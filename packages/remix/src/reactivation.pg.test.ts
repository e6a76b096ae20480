import { sql } from '@sigra/mikro-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from './testing-only/test-app.ts'
import { createTestBrowser, type TestBrowser } from './testing-only/test-browser.ts'
import { createTestSigra, createTestUser, type TestSigra, type TestUser } from './testing-only/test-sigra.ts'

let test: TestSigra
let app: TestApp
let user: TestUser

beforeAll(async () => {
  test = await createTestSigra()
  const { sigra } = test
  app = createTestApp(
    sigra,
    {
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
      mfa: { path: 'users/mfa', loader: async (args) => sigra.requirePending(args, 'second-factor') },
    },
    { rootLoader: async (args) => ({ root: await sigra.getUser(args) }) },
  )
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.rows(sql`delete from sigra_limits`)
  user = await createTestUser(test)
})

async function logIn(): Promise<Response & { browser: TestBrowser }> {
  const browser = createTestBrowser(app)
  const { email, password } = user
  return Object.assign(await browser.submit('/users/log-in', { email, password }), { browser })
}

/** Somebody who asked for the deletion of their account, and logged in again: this sign-in waits. */
async function comeBack(): Promise<TestBrowser> {
  const { browser: former } = await logIn()
  expect(await (await former.submit('/remove', {})).json()).toEqual({ ok: true })
  const { headers, browser } = await logIn()
  expect(headers.get('location')).toBe('/users/reactivation')
  return browser
}

const isScheduled = async () =>
  (await test.rows(sql`select from users where id = ${user.id} and delete_after is not null`)).length === 1

describe('DEL-03: a sign-in to an account whose deletion lies ahead', () => {
  it.each(['/page', '/page.data', '/data', '/sensitive', '/sensitive.data', '/users/mfa'])(
    'comes by %s to the page that takes it back, and learns nothing there',
    async (path) => {
      const answer = await (await comeBack()).visit(path)
      const text = await answer.text()
      expect(text).not.toContain(user.email)
      expect(answer.headers.get('location') ?? text).toContain('/users/reactivation')
    },
  )

  it.each(['/page', '/sensitive', '/forgotten', '/remove'])(
    'changes nothing by a form of %s',
    async (path) => {
      const answer = await (await comeBack()).submit(path, {})
      expect(answer.status).toBe(303)
      expect(answer.headers.get('location')).toMatch(/^\/users\/(?:reactivation|sudo)/)
      expect(await isScheduled()).toBe(true)
    },
  )

  it('is nobody to pages that anybody may see', async () => {
    const text = await (await (await comeBack()).visit('/users/reactivation')).text()
    expect(text).toContain('"isScheduled":true')
    expect(text).not.toContain(user.email)
  })

  it('takes it back by its form, once; whoever comes back to the page finds the way on', async () => {
    const browser = await comeBack()
    const kept = await browser.submit('/users/reactivation', { redirectTo: '/page' })
    expect(kept.headers.get('location')).toBe('/page')
    expect(await isScheduled()).toBe(false)
    expect(await (await browser.visit('/page')).text()).toContain(user.email)
    // The back button, and the form pressed again there.
    const back = await browser.visit('/users/reactivation?redirectTo=%2Fpage')
    expect(back.headers.get('location')).toBe('/page')
    expect((await browser.submit('/users/reactivation', {})).headers.get('location')).toBe('/')
  })
})

describe('a session that was there when the deletion was asked for', () => {
  it('has ended, in every browser, and leads to the log-in', async () => {
    const { browser: here } = await logIn()
    const { browser: elsewhere } = await logIn()
    await here.submit('/remove', {})
    for (const browser of [here, elsewhere]) {
      const answer = await browser.visit('/page')
      expect(answer.headers.get('location')).toMatch(/^\/users\/log-in/)
    }
  })

  it('is nobody where a deletion was written past every flow', async () => {
    const { browser } = await logIn()
    await test.rows(sql`update users set delete_after = now() + interval '9 days' where id = ${user.id}`)
    const answer = await browser.visit('/page')
    expect(answer.headers.get('location')).toMatch(/^\/users\/log-in/)
  })
})
