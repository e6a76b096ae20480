import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flowDeclarations, type Principal } from '../flows/flow-declarations.ts'
import { type FlowCall, flowCalls } from './flow-calls.ts'
import { heldCalls } from './held-calls.ts'
import { createTestContext, createTestRuntime, recordQueries, type TestRuntime } from './index.ts'
import { cheapHashing, generousLimits } from './test-policy.ts'

type Call = Pick<FlowCall, 'call' | 'arrange'>

/** Every flow that changes something: those in somebody's name as they are held back elsewhere, then the others. */
const calls: Call[] = [
  ...Object.entries(heldCalls).map(([call, arrange]): Call => ({
    call,
    async arrange(test) {
      const { browser, run } = await arrange(test)
      return { run: (ctx) => run(test.runtime, ctx), hidden: [], from: browser }
    },
  })),
  ...flowCalls.filter(({ call }) => !(call in heldCalls)),
]

/** Not asked for by a visitor: nothing of these is limited. */
const behindTheScenes: Principal[] = ['operator', 'worker']

/** Calls that hash nothing and may write without a bucket, each with its reason. */
const unlimited: Record<string, string> = {
  logOutUser: 'ends one session, that of the cookie, and must never be refused',
  resolveSession: 'writes when a session was last seen, once in five minutes',
  deleteAllUserSessionTokens: 'is called by the host, for whom it ends sessions',
  sweepExpired: 'is called by the worker',
  revokeUserSession: 'ends sessions for whoever just proved again who they are, and must never be refused',
  revokeOtherUserSessions: 'the same',
  revokeAllUserSessions: 'the same',
  offerUserPasskey: 'writes one column, once per account and browser, for whoever has just logged in',
}

/** Calls that are over before there is anything to charge for, each with its reason. */
const idle: Record<string, string> = {
  'verifySecondFactorByPasskey, without a sign-in that waits for it': 'there is nobody to look at',
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
  async function stepsOf(call: Call): Promise<Step[]> {
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
        await run(browser ?? createTestContext())
      } finally {
        Object.assign(test.runtime, { hasher })
      }
      read()
    })
    return steps
  }

  it('that changes something for a visitor is in this list', () => {
    const known = new Set(calls.map(({ call }) => call.split(',', 1)[0]))
    const changing = Object.entries(flowDeclarations).flatMap(([name, flow]) =>
      flow.changes === true && !behindTheScenes.includes(flow.principal) ? [name] : [],
    )
    expect(changing.filter((name) => !known.has(name))).toEqual([])
  })

  it.each(
    calls
      .filter(({ call }) => !(call in unlimited || call in idle))
      .map((call) => [call.call, call] as const),
  )('charges a bucket before it hashes or writes: %s', async (_, call) => {
    expect((await stepsOf(call))[0]).toBe('charge')
  })

  it.each(calls.filter(({ call }) => call in idle).map((call) => [call.call, call] as const))(
    'that is over at once hashes and writes nothing: %s',
    async (_, call) => {
      expect(await stepsOf(call)).toEqual([])
    },
  )

  it.each(calls.filter(({ call }) => call in unlimited).map((call) => [call.call, call] as const))(
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
