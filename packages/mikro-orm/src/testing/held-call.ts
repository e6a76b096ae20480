import type { Runtime } from '../runtime.ts'
import type { TestCaller } from './test-caller.ts'
import type { TestRuntime } from './test-runtime.ts'
import { signInTestUser } from './test-session.ts'
import { createTestUser, type TestUser } from './test-user.ts'

/** A call in somebody's name that would change something. */
export interface HeldCall {
  user: TestUser
  /** Whose session it is, as the request found it. */
  browser: TestCaller
  run(runtime: Runtime, caller: TestCaller): Promise<unknown>
}

export type ArrangeHeldCall = (test: TestRuntime) => Promise<HeldCall>

export async function signedIn(test: TestRuntime): Promise<{ user: TestUser; browser: TestCaller }> {
  const user = await createTestUser(test)
  return { user, browser: await signInTestUser(test, user) }
}
