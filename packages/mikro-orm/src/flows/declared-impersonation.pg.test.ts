import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changingCalls, flowOf } from '../testing/changing-calls.ts'
import { declaredFlows, findDeclaration } from '../testing/declared-flows.ts'
import { createTestCaller, createTestRuntime, type TestCaller, type TestRuntime } from '../testing/index.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { snapshot } from '../testing/test-snapshot.ts'
import { toUserId } from '../user-id.ts'
import { ImpersonationRefused } from './refuse-impersonation.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterAll(() => test.close())

/** A request of an admin who acts as whoever this browser is signed in for. */
function impersonated(browser: TestCaller): TestCaller {
  const userId = browser.session?.userId ?? toUserId('somebody')
  const principal = { userId, actorId: 'an-admin', effectiveId: userId, organizationId: null, scopes: null }
  return createTestCaller({ ...browser, principal: { kind: 'user', ...principal } })
}

/** One of somebody whose session may only look, where there is a session. */
function looking(browser: TestCaller): TestCaller[] {
  const { session } = browser
  return session ? [createTestCaller({ ...browser, session: { ...session, mayWrite: false } })] : []
}

const refused = changingCalls.filter(({ call }) => {
  const flow = findDeclaration(flowOf(call))
  return flow?.impersonation === 'refused' && flow.principal !== 'worker' // which has no request
})

describe('what a flow declares about impersonation', () => {
  it('is that what changes anything is refused, but for the way out', () => {
    const others = declaredFlows.filter(
      ({ changes, impersonation }) => changes === (impersonation === 'allowed'),
    )
    expect(others.map(({ name }) => name)).toEqual(['logOutUser'])
  })

  it.each(refused.map((call) => [call.call, call] as const))(
    'IMP-03: %s changes nothing for who acts as somebody else',
    async (_, { arrange }) => {
      const { run, from = createTestCaller() } = await arrange(test)
      const before = await snapshot(test)
      for (const caller of [impersonated(from), ...looking(from)])
        await expect(run(caller)).rejects.toThrow(ImpersonationRefused)
      expect(await snapshot(test)).toBe(before)
    },
  )
})
