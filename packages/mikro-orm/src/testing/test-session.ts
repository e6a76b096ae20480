import { type RenewOptions, renewSession } from '../door/renew-session.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { inSessionTransaction, SessionOvertaken } from '../sessions/continue-session.ts'
import type { Runtime } from '../runtime.ts'
import { createTestCaller, nextRequest, type TestCaller } from './test-caller.ts'
import type { TestRuntime } from './test-runtime.ts'
import type { TestUser } from './test-user.ts'

/** A browser in which this user has just signed in by password. */
export async function signInTestUser(
  test: Pick<TestRuntime, 'runtime'>,
  user: TestUser,
  browser: TestCaller = createTestCaller(),
): Promise<TestCaller> {
  const result = await logInUser(test.runtime, browser, { email: user.email, password: user.password })
  if (!result.ok) throw new Error(`not signed in: ${result.reason}`)
  return nextRequest(test.runtime, browser)
}

/** Gives this browser's session another token, as a change of password or a sudo would. */
export async function renewTestSession(
  runtime: Runtime,
  browser: TestCaller,
  options: RenewOptions = {},
): Promise<TestCaller> {
  const { session } = browser
  if (!session) throw new Error('nobody is signed in')
  await inSessionTransaction(runtime, session, (tx, own) => renewSession(tx, browser, own, options))
  return nextRequest(runtime, browser)
}

/** What a request got, or `null` for one whose session went on without it. */
export async function orOvertaken<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: unknown) => {
    if (error instanceof SessionOvertaken) return null
    throw error
  })
}
