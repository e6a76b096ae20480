import { sql, type Sql } from '@sigra/mikro-orm'
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
  app = createTestApp(sigra, {
    logIn: {
      path: 'users/log-in',
      loader: () => null,
      action: async (args) => {
        const form = Object.fromEntries(await args.request.formData())
        const result = await sigra.accounts.logInUser(args, {
          email: form['email'],
          password: form['password'],
        })
        return result.ok ? result.redirect() : Response.json(result, { status: 400 })
      },
    },
    level: { path: 'level', loader: async (args) => ({ secret: await sigra.requireUser(args, { aal: 2 }) }) },
    sudo: {
      path: 'sensitive',
      loader: async (args) => ({ secret: await sigra.requireSudo(args) }),
      action: async (args) => ({ secret: await sigra.requireSudo(args) }),
    },
    recovery: {
      path: 'recovery',
      loader: async (args) => ({ secret: await sigra.requireSudo(args, { allowRecovery: true }) }),
    },
    change: {
      path: 'users/change-password',
      loader: async (args) => ({ secret: await sigra.requirePending(args, 'password-change') }),
    },
    mfa: {
      path: 'users/mfa',
      loader: async (args) => ({ secret: await sigra.requirePending(args, 'second-factor') }),
    },
  })
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.rows(sql`delete from sigra_limits`)
  user = await createTestUser(test)
})

async function signedIn(): Promise<TestBrowser> {
  const browser = createTestBrowser(app)
  await browser.submit('/users/log-in', { email: user.email, password: user.password })
  return browser
}
const set = (change: Sql) => test.rows(sql`update user_sessions set ${change} where user_id = ${user.id}`)
const leadsTo = async (browser: TestBrowser, path: string) => {
  const answer = await browser.visit(path)
  expect(await answer.text()).not.toContain(user.email)
  return answer.headers.get('location')
}

describe('requireUser with a level', () => {
  it('sends a session of one factor to sudo, which asks for the second, and back', async () => {
    const browser = await signedIn()
    expect(await leadsTo(browser, '/level?tab=2')).toBe('/users/sudo?redirectTo=%2Flevel%3Ftab%3D2')
    await set(sql`aal = 2`)
    expect((await browser.visit('/level')).status).toBe(200)
  })

  it('sends strangers to log-in', async () => {
    expect(await leadsTo(createTestBrowser(app), '/level')).toBe('/users/log-in?redirectTo=%2Flevel')
  })
})

describe('requireSudo', () => {
  it('SUDO-01: wants a fresh proof, for pages, data and actions alike', async () => {
    const browser = await signedIn()
    expect((await browser.visit('/sensitive')).status).toBe(200) // the password was just typed
    await set(sql`sudo_at = clock_timestamp() - interval '10 minutes 1 second'`)
    expect(await leadsTo(browser, '/sensitive')).toBe('/users/sudo?redirectTo=%2Fsensitive')
    expect(await (await browser.visit('/sensitive.data')).text()).toContain('/users/sudo?redirectTo')
    const action = await browser.submit('/sensitive', {})
    expect(action.headers.get('location')).toBe('/users/sudo?redirectTo=%2Fsensitive')
    await set(sql`sudo_at = null`)
    expect(await leadsTo(browser, '/sensitive')).toContain('/users/sudo')
  })

  it('takes what a backup code opened only where a lost second factor is replaced', async () => {
    const browser = await signedIn()
    await set(sql`sudo_method = 'recovery'`)
    expect(await leadsTo(browser, '/sensitive')).toContain('/users/sudo')
    expect((await browser.visit('/recovery')).status).toBe(200)
  })
})

describe('requirePending', () => {
  it('SESS-13: lets the awaited step through and no other', async () => {
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    const browser = await signedIn()
    expect((await browser.visit('/users/change-password?redirectTo=%2Flevel')).status).toBe(200)
    expect(await leadsTo(browser, '/users/mfa?redirectTo=%2Flevel')).toBe(
      '/users/change-password?redirectTo=%2Flevel',
    )
  })

  it('is no place for who is signed in, nor for strangers', async () => {
    const browser = await signedIn()
    expect(await leadsTo(browser, '/users/mfa?redirectTo=%2Flevel')).toBe('/level')
    expect(await leadsTo(browser, '/users/mfa')).toBe('/')
    expect(await leadsTo(createTestBrowser(app), '/users/mfa')).toBe('/users/log-in')
  })
})
