import { scheduleUserDeletion } from '../deletion/schedule-user-deletion.ts'
import type { TestCaller } from './test-caller.ts'
import type { TestRuntime } from './test-runtime.ts'
import { signInTestUser } from './test-session.ts'
import { createTestUser, type TestUser } from './test-user.ts'

/** Asks for the deletion of an account, in a browser that was signed in a moment ago. */
export async function askForTestDeletion(
  test: Pick<TestRuntime, 'runtime'>,
  user: TestUser,
  browser?: TestCaller,
): Promise<Date> {
  const from = browser ?? (await signInTestUser(test, user))
  const scheduled = await scheduleUserDeletion(test.runtime, from, { confirmation: user.email })
  if (!scheduled.ok) throw new Error(`not scheduled: ${scheduled.reason}`)
  return scheduled.deleteAfter
}

/** Somebody who asked for the deletion of their account, and logs in again. */
export async function scheduledAndBack(
  test: TestRuntime,
): Promise<{ user: TestUser; browser: TestCaller; deleteAfter: Date }> {
  const user = await createTestUser(test)
  const deleteAfter = await askForTestDeletion(test, user)
  return { user, browser: await signInTestUser(test, user), deleteAfter }
}
