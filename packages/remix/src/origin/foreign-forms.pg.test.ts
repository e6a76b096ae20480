import { sql } from '@sigra/mikro-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { countSessions, createAccountApp, signedIn } from '../testing-only/account-app.ts'
import type { TestApp } from '../testing-only/test-app.ts'
import { createTestBrowser } from '../testing-only/test-browser.ts'
import { createTestSigra, createTestUser, type TestSigra, type TestUser } from '../testing-only/test-sigra.ts'

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
    expect(await countSessions(test, user)).toBe(0)
  })

  it('CSRF-09: logs nobody out', async () => {
    const browser = await signedIn(app, user)
    expect((await browser.submit('/users/log-out', {}, { from: 'other-site' })).status).toBe(403)
    expect((await browser.submit('/users/log-out', {}, { from: 'no-browser' })).status).toBe(403)
    expect((await browser.visit('/dashboard')).status).toBe(200)
  })

  it('RR-06: is refused at resource routes and loader-only routes alike', async () => {
    const browser = await signedIn(app, user)
    for (const path of ['/export', '/dashboard', '/public.data', '/nothing']) {
      expect((await browser.submit(path, {}, { from: 'other-site' })).status).toBe(403)
    }
  })
})
