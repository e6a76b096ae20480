import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FlowPrincipal } from '../flows/define-flow.ts'
import { areaIdleCalls, areaUnlimitedCalls } from './area-calls.ts'
import { type ChangingCall, changingCalls, flowOf } from './changing-calls.ts'
import { declaredFlows } from './declared-flows.ts'
import { createTestCaller, createTestRuntime, recordQueries, type TestRuntime } from './index.ts'
import { cheapHashing, generousLimits } from './test-policy.ts'

/** Not asked for by a visitor: nothing of these is limited. */
const behindTheScenes: FlowPrincipal[] = ['operator', 'worker']

/** Calls that hash nothing and may write without a bucket, each with its reason. */
const unlimited: Record<string, string> = {
  logOutUser: 'ends one session, that of the cookie, and must never be refused',
  resolveSession: 'writes when a session was last seen, once in five minutes',
  deleteAllUserSessionTokens: 'is called by the host, for whom it ends sessions',
  sweepExpired: 'is called by the worker',
  runUserDeletions: 'is called by the worker',
  remindOfUserDeletions: 'is called by the worker',
  runAreaDeletions: 'is called by the worker',
  revokeUserSession: 'ends sessions for whoever just proved again who they are, and must never be refused',
  revokeOtherUserSessions: 'the same',
  revokeAllUserSessions: 'the same',
  cancelUserEmailChange: 'ends what was asked for, which was charged, and must never be refused',
  ...areaUnlimitedCalls,
}

/** What came first: a bucket, or what belongs behind one. */
type Step = 'charge' | 'hash' | 'write'

describe('RL-02 a flow', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())

  /** The steps of a call in their order. */
  async function stepsOf(call: ChangingCall): Promise<Step[]> {
    const { hasher } = test.runtime
    const steps: Step[] = []
    let seen = 0
    const { run, from: browser } = await call.arrange(test)
    await recordQueries(test.orm, async (texts) => {
      const read = () => {
        for (const text of texts.slice(seen)) steps.push(...stepOf(text))
        seen = texts.length
      }
      const watched = { ...test.runtime.hasher }
      const note =
        <Arguments extends unknown[], T>(work: (...given: Arguments) => T) =>
        (...given: Arguments) => {
          read()
          steps.push('hash')
          return work(...given)
        }
      watched.hash = note(hasher.hash)
      watched.verify = note(hasher.verify)
      Object.assign(test.runtime, { hasher: watched })
      try {
        await run(browser ?? createTestCaller())
      } finally {
        Object.assign(test.runtime, { hasher })
      }
      read()
    })
    return steps
  }

  it('that changes something for a visitor is in this list', () => {
    const known = new Set(changingCalls.map(({ call }) => flowOf(call)))
    const changing = declaredFlows
      .filter(({ changes, principal }) => changes && !behindTheScenes.includes(principal))
      .map(({ name }) => name)
    expect(changing.filter((name) => !known.has(name))).toEqual([])
  })

  it.each(
    changingCalls
      .filter(({ call }) => !(call in unlimited || call in areaIdleCalls))
      .map((call) => [call.call, call] as const),
  )('charges a bucket before it hashes or writes: %s', async (_, call) => {
    expect((await stepsOf(call))[0]).toBe('charge')
  })

  it.each(
    changingCalls.filter(({ call }) => call in areaIdleCalls).map((call) => [call.call, call] as const),
  )('that is over at once hashes and writes nothing: %s', async (_, call) => {
    expect(await stepsOf(call)).toEqual([])
  })

  it.each(changingCalls.filter(({ call }) => call in unlimited).map((call) => [call.call, call] as const))(
    'that is never refused hashes nothing: %s',
    async (_, call) => {
      expect(await stepsOf(call)).not.toContain('hash')
    },
  )
})

function stepOf(text: string): Step[] {
  if (/step_0" as \(/.test(text)) return ['charge']
  return /\b(?:insert into|update "|delete from|add_job)/i.test(text) ? ['write'] : []
}
