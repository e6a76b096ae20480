import { logInUser } from '../log-in/log-in-user.ts'
import { createTestContext, nextRequest, type TestContext } from './test-context.ts'
import type { TestRuntime } from './test-runtime.ts'
import type { TestUser } from './test-user.ts'

/** A browser in which this user has just signed in by password. */
export async function signInTestUser(
  test: Pick<TestRuntime, 'runtime'>,
  user: TestUser,
  browser: TestContext = createTestContext(),
): Promise<TestContext> {
  const result = await logInUser(test.runtime, browser, { email: user.email, password: user.password })
  if (!result.ok) throw new Error(`not signed in: ${result.reason}`)
  return nextRequest(test.runtime, browser)
}
