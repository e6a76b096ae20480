import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  isSameTimingClass,
  recordQueries,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import { deliverMail, findMail } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail, wrongCode } from '../testing/test-registration.ts'
import { deliverUserLogInInstructions } from './deliver-user-log-in-instructions.ts'
import { logInUserByMagicCode } from './log-in-user-by-magic-code.ts'

const unlimited = 1_000_000

describe('a wrong magic code', () => {
  let test: TestRuntime
  /** Asked for a code that is still good. */
  let browser: TestCaller
  let known: { email: string; code: string }
  beforeAll(async () => {
    test = await createTestRuntime({
      plansAnew: true,
      policy: {
        ...generousLimits,
        ...cheapHashing,
        magicLink: { triesPerCode: unlimited },
        wrongCodes: { refuseAt: unlimited },
      },
    })
    browser = createTestCaller()
    const { email } = await createTestUser(test)
    await deliverUserLogInInstructions(test.runtime, browser, { email })
    const { props } = findMail(await deliverMail(test), 'magicLink')
    known = { email, code: wrongCode(props.code) }
  })
  afterAll(() => test.close())

  const enter = (email: string) => logInUserByMagicCode(test.runtime, browser, { email, code: known.code })

  async function measure(email: string): Promise<number> {
    const startedAt = performance.now()
    await enter(email)
    return performance.now() - startedAt
  }

  it('ENUM-15 is answered by the same statements, whether or not there is an account, and a code of it', async () => {
    const other = await createTestUser(test)
    const asked = []
    for (const email of [known.email, other.email, createTestEmail()]) {
      asked.push(await recordQueries(test.orm, () => enter(email)))
    }
    expect(asked[0]?.length).toBeGreaterThan(0)
    expect(asked[1]).toEqual(asked[0])
    expect(asked[2]).toEqual(asked[0])
  })

  it('ENUM-15 takes the same time for a known and an unknown account', async () => {
    const isSame = await isSameTimingClass(40, {
      first: () => measure(known.email),
      second: () => measure(createTestEmail()),
    })
    expect(isSame).toBe(true)
  })
})
