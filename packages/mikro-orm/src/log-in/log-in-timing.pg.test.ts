import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  isSameTimingClass,
  type TestRuntime,
} from '../testing/index.ts'
import { logInUser } from './log-in-user.ts'

const PAIRS = 40

describe('logInUser at the cost of production', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({
      plansAnew: true,
      policy: { passwordHash: { memoryKib: 19_456, passes: 2 } },
    })
  })
  afterAll(() => test.close())

  let attempts = 0
  async function measure(email: string, password: string): Promise<number> {
    attempts += 1 // a network of its own: limits are not what is timed
    const clientAddress = `10.1.${attempts >> 8}.${attempts & 255}`
    const startedAt = performance.now()
    await logInUser(test.runtime, createTestCaller({ clientAddress }), { email, password })
    return performance.now() - startedAt
  }

  it('ENUM-02: makes exactly one argon2id call, whoever is asked for', async () => {
    const bcrypt = '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'
    const users = {
      right: await createTestUser(test),
      wrong: await createTestUser(test),
      unconfirmed: await createTestUser(test, { confirmed: false }),
      withoutPassword: await createTestUser(test, { hashedPassword: null }),
      bcrypt: await createTestUser(test, { hashedPassword: bcrypt }),
      nonsense: await createTestUser(test, { hashedPassword: 'nonsense' }),
      unknown: { email: 'nobody@example.com', password: 'whatever it was' },
    }
    for (const [name, user] of Object.entries(users)) {
      const before = test.runtime.hasher.calls
      await measure(user.email, name === 'wrong' ? 'not the password' : user.password)
      expect({ name, calls: test.runtime.hasher.calls - before }).toEqual({ name, calls: 1 })
    }
  })

  it('ENUM-02: takes the same time for a known and an unknown account', async () => {
    const user = await createTestUser(test)
    const isSame = await isSameTimingClass(PAIRS, {
      first: () => measure(user.email, 'not the password'),
      second: () => measure(`nobody-${attempts}@example.com`, 'not the password'),
    })
    expect(isSame).toBe(true)
  }, 120_000)
})
