import { tracingChannel } from 'node:diagnostics_channel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestCaller, createTestRuntime, type TestRuntime } from '../testing/index.ts'
import { flowOf } from '../testing/changing-calls.ts'
import { declaredFlows, findDeclaration } from '../testing/declared-flows.ts'
import { flowCalls } from '../testing/flow-calls.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { type FlowName, flowMeanings, flowNames, type FlowTrace } from './trace-flow.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterAll(() => test.close())

async function listen(flow: FlowName, work: () => Promise<unknown>): Promise<[string, FlowTrace][]> {
  const heard: [string, FlowTrace][] = []
  const note = (at: string) => (trace: FlowTrace) => void heard.push([at, { ...trace }])
  const channel = tracingChannel<FlowTrace, FlowTrace>(`sigra:${flow}`)
  const subscribers = {
    start: note('start'),
    end: () => undefined,
    asyncStart: () => undefined,
    asyncEnd: note('asyncEnd'),
    error: note('error'),
  }
  channel.subscribe(subscribers)
  await work().finally(() => channel.unsubscribe(subscribers))
  return heard
}

describe('the public channels', () => {
  it.each(flowCalls)(
    'sigra:$flow tells start and end of $call',
    async ({ flow, arrange, outcome, isOfRequest }) => {
      const { run, hidden, from } = await arrange(test)
      const caller = from ?? createTestCaller()
      const heard = await listen(flow, () => run(caller))
      const requestId = isOfRequest === false ? null : caller.requestId
      expect(heard).toEqual([
        ['start', { flow, requestId, durationMilliseconds: null, outcome: null, error: null }],
        ['asyncEnd', { flow, requestId, durationMilliseconds: expect.any(Number), outcome, error: null }],
      ])
      for (const secret of hidden) expect(JSON.stringify(heard)).not.toContain(secret)
    },
  )

  it('are those that the flows declare', () => {
    const calls = flowCalls.map(({ call, flow }) => ({
      call,
      flow: flow === 'session.resolve' ? null : flow,
    }))
    expect(calls).toEqual(
      calls.map(({ call }) => ({ call, flow: findDeclaration(flowOf(call))?.channel ?? null })),
    )
  })

  it('have a row for every flow that is published', () => {
    const tested: ReadonlySet<string> = new Set(flowCalls.map(({ flow }) => flow))
    const published = declaredFlows.flatMap(({ channel }) => channel ?? [])
    expect(published.length).toBeGreaterThan(10)
    expect(
      [...new Set(published.filter((channel) => !tested.has(channel)))],
      'No call in testing/flow-calls.ts is published on these channels: add one for each',
    ).toEqual([])
  })

  it('are all described for the guide', () => {
    expect(Object.keys(flowMeanings)).toEqual([...flowNames])
  })
})
