import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { holdAddress } from '../addresses/hold-address.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  isSameTimingClass,
  type TestRuntime,
} from '../testing/index.ts'
import { generousLimits } from '../testing/test-policy.ts'
import { createTestEmail, testPassword as password } from '../testing/test-registration.ts'
import { registerUser } from './register-user.ts'

describe('registerUser at the cost of production', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({
      plansAnew: true,
      policy: { ...generousLimits, passwordHash: { memoryKib: 19_456, passes: 2 } },
    })
  })
  afterAll(() => test.close())

  async function measure(email: string): Promise<number> {
    const startedAt = performance.now()
    await registerUser(test.runtime, createTestCaller(), { email, password })
    return performance.now() - startedAt
  }

  it('ENUM-05 takes the same time for a free and a taken address', async () => {
    const owner = await createTestUser(test)
    const isSame = await isSameTimingClass(40, {
      first: () => measure(owner.email),
      second: () => measure(createTestEmail()),
    })
    expect(isSame).toBe(true)
  })

  it('LIF-03 takes the same time for an address that is held, and for a free one', async () => {
    const held = await createTestUser(test)
    await inTransaction(test.runtime, async (tx) => {
      const { canonical: address, id: userId } = held
      await holdAddress(tx, { address, reason: 'changed', until: sql`${tx.now} + interval '7 days'`, userId })
      await tx.rows(sql`update users set email = 'moved@example.com', email_canonical = 'moved@example.com'
        where id = ${userId}`)
    })
    const isSame = await isSameTimingClass(40, {
      first: () => measure(held.email),
      second: () => measure(createTestEmail()),
    })
    expect(isSame).toBe(true)
  })
})
