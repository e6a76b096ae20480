import { sql } from '@sigra/mikro-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccounts } from './accounts.ts'
import { createAccountApp, signedIn } from './testing-only/account-app.ts'
import { createTestApp } from './testing-only/test-app.ts'
import { createTestBrowser } from './testing-only/test-browser.ts'
import { createTestSigra, createTestUser, type TestSigra } from './testing-only/test-sigra.ts'

let test: TestSigra
beforeAll(async () => {
  test = await createTestSigra()
})
afterAll(() => test.close())

describe('somebody who acts as another person, once their time to write is over', () => {
  it('IMP-08 IMP-10: reads on, is answered 403 where something would change, and gets out', async () => {
    const { sigra } = test
    const accounts = createAccounts(sigra.edge)
    const app = createTestApp(sigra, {
      sessions: { path: 'sessions', loader: (args) => accounts.listUserSessions(args) },
      end: { path: 'end', action: (args) => accounts.revokeOtherUserSessions(args) },
      out: { path: 'out', action: (args) => accounts.logOutUser(args) },
    })
    const user = await createTestUser(test)
    const { cookies } = await signedIn(createAccountApp(sigra), user)
    await test.rows(sql`
      update user_sessions set write_until = now() - interval '1 minute' where user_id = ${user.id}`)
    const browser = createTestBrowser(app, cookies)
    expect((await browser.visit('/sessions')).status).toBe(200)
    expect((await browser.submit('/end', {})).status).toBe(403)
    expect(await test.rows(sql`select from user_sessions where user_id = ${user.id}`)).toHaveLength(1)
    expect((await browser.submit('/out', {})).status).toBe(200)
    expect(await test.rows(sql`select from user_sessions where user_id = ${user.id}`)).toEqual([])
  })
})
