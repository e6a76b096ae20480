import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerUser } from '../register/register-user.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  isSameTimingClass,
  type TestRuntime,
} from '../testing/index.ts'
import { generousLimits } from '../testing/test-policy.ts'
import { createTestEmail, testPassword as password } from '../testing/test-registration.ts'

describe('registerUser in an app whose people get an organization of their own', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({
      plansAnew: true,
      policy: { ...generousLimits, passwordHash: { memoryKib: 19_456, passes: 2 } },
      organizations: { personal: true },
    })
  })
  afterAll(() => test.close())

  async function measure(email: string): Promise<number> {
    const startedAt = performance.now()
    await registerUser(test.runtime, createTestCaller(), { email, password })
    return performance.now() - startedAt
  }

  it('ENUM-05 takes the same time for a free and a taken address, though only the free one gets one', async () => {
    const owner = await createTestUser(test)
    const isSame = await isSameTimingClass(40, {
      first: () => measure(owner.email),
      second: () => measure(createTestEmail()),
    })
    expect(isSame).toBe(true)
  })
})
