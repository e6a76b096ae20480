import { createTotpCode, decodeBase32, totpStep } from '@sigra/core'
import { logInUser } from '../log-in/log-in-user.ts'
import { activateUserTotp } from '../second-factor/activate-user-totp.ts'
import { enrollUserTotp } from '../second-factor/enroll-user-totp.ts'
import type { TotpEnrolment } from '../second-factor/totp-enrolment.ts'
import { createTestContext, nextRequest, type TestContext } from './test-context.ts'
import type { TestRuntime } from './test-runtime.ts'
import { createTestUser, type TestUser } from './test-user.ts'

export interface TestSecondFactor {
  user: TestUser
  /** Where it was enrolled, and is signed in. */
  browser: TestContext
  codes: readonly string[]
  /** What the authenticator app shows now, or so many steps of 30 seconds away. */
  code(steps?: number): string
}

/** What an app with this seed shows, by the clock of the test. */
export function totpCode(test: TestRuntime, { key }: TotpEnrolment, steps = 0): string {
  const secret = decodeBase32(key.replaceAll(' ', ''))
  if (secret === null) throw new Error('the key is no base32')
  const now = new Date(Date.now() + test.runtime.clockOffset())
  return createTotpCode(secret, totpStep(now) + steps)
}

/** Signs a user in by password, as far as the door lets them. */
export async function logInBrowser(
  test: TestRuntime,
  user: TestUser,
  browser: TestContext = createTestContext(),
  { rememberMe = false } = {},
): Promise<TestContext> {
  const { email, password } = user
  const result = await logInUser(test.runtime, browser, { email, password, rememberMe })
  if (!result.ok) throw new Error(`logging in said ${result.reason}`)
  return nextRequest(test.runtime, browser)
}

/** Somebody whose authenticator app is active. A step later, so that its next code is a new one. */
export async function createTotpUser(
  test: TestRuntime,
  browser: TestContext = createTestContext(),
): Promise<TestSecondFactor> {
  const user = await createTestUser(test)
  await logInBrowser(test, user, browser)
  const enrolled = await enrollUserTotp(test.runtime, browser)
  if (!enrolled.ok) throw new Error(`enrolling said ${enrolled.reason}`)
  const code = (steps = 0) => totpCode(test, enrolled.enrolment, steps)
  const activated = await activateUserTotp(test.runtime, browser, { code: code() })
  if (!activated.ok) throw new Error(`activating said ${activated.reason}`)
  test.advance({ milliseconds: 30_000 })
  return { user, browser: await nextRequest(test.runtime, browser), codes: activated.backupCodes, code }
}
