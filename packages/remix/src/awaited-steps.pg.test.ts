import { sql } from '@sigra/mikro-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from './testing-only/test-app.ts'
import { createTestBrowser, type TestBrowser } from './testing-only/test-browser.ts'
import { createTestSigra, createTestUser, type TestSigra, type TestUser } from './testing-only/test-sigra.ts'

let test: TestSigra
let app: TestApp
let user: TestUser

beforeAll(async () => {
  test = await createTestSigra({ documents: { terms: { version: '2', url: '/terms', required: true } } })
  const { sigra } = test
  const accept = async (args: Parameters<typeof sigra.requireUser>[0]) => {
    const form = Object.fromEntries(await args.request.formData())
    const result = await sigra.accounts.acceptUserDocuments(args, {
      documents: form['documents'],
      redirectTo: form['redirectTo'],
    })
    return result.ok ? result.redirect() : Response.json(result, { status: 400 })
  }
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
          const form = Object.fromEntries(await args.request.formData())
          const result = await sigra.accounts.logInUser(args, {
            email: form['email'],
            password: form['password'],
          })
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
      consent: {
        path: 'users/consent',
        loader: async (args) => {
          await sigra.requirePending(args, 'consent')
          return { documents: await sigra.accounts.getUserDocuments(args) }
        },
        action: async (args) => {
          await sigra.requirePending(args, 'consent')
          return accept(args)
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

async function logIn(): Promise<TestBrowser> {
  const browser = createTestBrowser(app)
  const answer = await browser.submit('/users/log-in', { email: user.email, password: user.password })
  expect(answer.headers.get('location')).toBe('/users/consent')
  return browser
}

/** Somebody who accepted the version before, and is signed in. */
async function signedIn(): Promise<TestBrowser> {
  const browser = await logIn()
  await browser.submit('/users/consent', { documents: 'terms:2' })
  await test.rows(sql`update user_consents set version = '1' where user_id = ${user.id}`)
  return browser
}

describe.each([
  ['a sign-in that waits for consent', logIn],
  ['a live session that met a new version', signedIn],
])('MFA-01: %s', (_, begin) => {
  it.each(['/page', '/page.data', '/data', '/sensitive', '/sensitive.data', '/users/mfa'])(
    'comes by %s to the documents, and learns nothing there',
    async (path) => {
      const answer = await (await begin()).visit(path)
      const text = await answer.text()
      expect(text).not.toContain(user.email)
      expect(answer.headers.get('location') ?? text).toContain('/users/consent')
    },
  )

  it.each(['/page', '/sensitive', '/forgotten'])('changes nothing by a form of %s', async (path) => {
    const answer = await (await begin()).submit(path, {})
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toMatch(/^\/users\/(?:consent|sudo)/)
  })

  it('is nobody to pages that anybody may see', async () => {
    expect(await (await (await begin()).visit('/users/consent')).text()).not.toContain(user.email)
  })

  it('EXP-02: accepts what its page showed, once; whoever comes back finds the way on', async () => {
    const browser = await begin()
    expect(await (await browser.visit('/users/consent')).text()).toContain('"version":"2"')
    expect((await browser.submit('/users/consent', { documents: 'terms:1' })).status).toBe(400)
    const done = await browser.submit('/users/consent', { documents: 'terms:2', redirectTo: '/page' })
    expect(done.headers.get('location')).toBe('/page')
    expect((await browser.visit('/page')).status).toBe(200)
    // The back button, and the form pressed again there.
    expect((await browser.visit('/users/consent?redirectTo=%2Fpage')).headers.get('location')).toBe('/page')
    const again = await browser.submit('/users/consent', { documents: 'terms:2' })
    expect(again.headers.get('location')).toBe('/')
  })
})
