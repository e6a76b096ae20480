import { sql } from '@sigra/mikro-orm'
import { data } from 'react-router'
import { expect } from 'vitest'
import { z } from 'zod'
import { parseForm } from '../conform.ts'
import { refusalInit } from '../refusal.ts'
import type { Sigra } from '../sigra.ts'
import { createTestApp, type TestApp, type TestRoute } from './test-app.ts'
import { createTestBrowser, type TestBrowser } from './test-browser.ts'
import type { TestSigra, TestUser } from './test-sigra.ts'

const LogIn = z.object({
  email: z.string(),
  password: z.string(),
  rememberMe: z.boolean().default(false),
  redirectTo: z.string().optional(),
})

/** An app of `accountRoutes`, whose root tells who is signed in. */
export function createAccountApp(sigra: Sigra): TestApp {
  return createTestApp(sigra, accountRoutes(sigra), { rootLoader: (args) => sigra.getUser(args) })
}

/** Pages of every kind that has to do with who is signed in. */
export function accountRoutes(sigra: Sigra): Record<string, TestRoute> {
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

export async function logIn(
  browser: TestBrowser,
  { email, password }: TestUser,
  fields: Record<string, string> = {},
  path = '/users/log-in',
): Promise<Response> {
  return browser.submit(path, { email, password, ...fields })
}

/** A browser that is signed in, to a full session or to one that waits. */
export async function signedIn(
  app: TestApp,
  user: TestUser,
  fields: Record<string, string> = {},
): Promise<TestBrowser> {
  const browser = createTestBrowser(app)
  await logIn(browser, user, fields)
  expect(browser.cookies.has('__Host-sid')).toBe(true)
  return browser
}

export async function countSessions(test: TestSigra, user: TestUser): Promise<number> {
  const [row] = await test.rows<{ count: number }>(
    sql`select count(*)::int as count from user_sessions where user_id = ${user.id}`,
  )
  return row?.count ?? -1
}
