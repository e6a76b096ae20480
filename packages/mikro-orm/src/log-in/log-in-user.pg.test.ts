import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import {
  createTestContext,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestRuntime,
} from '../testing/index.ts'
import { logInUser } from './log-in-user.ts'

describe.each(['uuid', 'bigint'] as const)('logInUser with %s keys', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType })
  })
  afterAll(() => test.close())

  it('signs a confirmed user in', async () => {
    const user = await createTestUser(test)
    const browser = createTestContext()
    const result = await logInUser(test.runtime, browser, { email: user.email, password: user.password })
    expect(result).toEqual({ ok: true, outcome: 'signed-in', userId: user.id })
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      userId: user.id,
      user: { id: user.id, email: user.email, confirmedAt: expect.any(Date) },
      awaiting: null,
      aal: 1,
      amr: ['pwd'],
      remembered: false,
    })
    expect(browser.maxAgeSeconds).toBeNull()
    expect(await test.rows(sql`select action, outcome, actor_id, metadata from audit_events`)).toEqual([])
  })
})
