import { createTotpCode, decodeBase32, totpStep } from '@sigra/core'
import { logInUser } from '../log-in/log-in-user.ts'
import { activateUserTotp } from '../second-factor/activate-user-totp.ts'
import { enrollUserTotp } from '../second-factor/enroll-user-totp.ts'
import { createTestCaller, nextRequest, type TestCaller } from './test-caller.ts'
import type { TestRuntime } from './test-runtime.ts'
import { createTestUser, type TestUser } from './test-user.ts'
import type { TotpEnrolment } from '../flow-result.ts'

const STEP_MILLISECONDS = 30_000

export interface TestSecondFactor {
  user: TestUser
  /** Where it was enrolled, and is signed in. */
  browser: TestCaller
  codes: readonly string[]
  /** What the authenticator app shows now, or so many steps of 30 seconds away. */
  code(steps?: number): string
}

/** What an app with this seed shows, by the clock of the test. */
export function totpCode(test: TestRuntime, enrolment: TotpEnrolment, steps = 0): string {
  return codeInStep(enrolment, totpStep(new Date(nowOf(test))) + steps)
}

/** What it shows in one step of 30 seconds, counted from 1970. */
export function codeInStep({ key }: TotpEnrolment, step: number): string {
  const secret = decodeBase32(key.replaceAll(' ', ''))
  if (secret === null) throw new Error('the key is no base32')
  return createTotpCode(secret, step)
}

/** To its beginning: the app shows a new code, and goes on showing it for as long as a test takes. */
export function advanceToNextStep(test: TestRuntime): void {
  test.advance({ milliseconds: STEP_MILLISECONDS - (nowOf(test) % STEP_MILLISECONDS) })
}

function nowOf({ runtime }: TestRuntime): number {
  return Date.now() + runtime.clockOffset()
}

/** Signs a user in by password, as far as the door lets them. */
export async function logInBrowser(
  test: TestRuntime,
  user: TestUser,
  browser: TestCaller = createTestCaller(),
  { rememberMe = false } = {},
): Promise<TestCaller> {
  const { email, password } = user
  const result = await logInUser(test.runtime, browser, { email, password, rememberMe })
  if (!result.ok) throw new Error(`logging in said ${result.reason}`)
  return nextRequest(test.runtime, browser)
}

/** Somebody whose authenticator app is active. A step later, so that its next code is a new one. */
export async function createTotpUser(
  test: TestRuntime,
  browser: TestCaller = createTestCaller(),
): Promise<TestSecondFactor> {
  const user = await createTestUser(test)
  await logInBrowser(test, user, browser)
  const enrolled = await enrollUserTotp(test.runtime, browser)
  if (!enrolled.ok) throw new Error(`enrolling said ${enrolled.reason}`)
  const code = (steps = 0) => totpCode(test, enrolled.enrolment, steps)
  const activated = await activateUserTotp(test.runtime, browser, { code: code() })
  if (!activated.ok) throw new Error(`activating said ${activated.reason}`)
  advanceToNextStep(test)
  return { user, browser: await nextRequest(test.runtime, browser), codes: activated.backupCodes, code }
}
