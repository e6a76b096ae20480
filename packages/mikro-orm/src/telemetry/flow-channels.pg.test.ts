import { tracingChannel } from 'node:diagnostics_channel'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestContext, createTestRuntime, type TestRuntime } from '../testing/index.ts'
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
      const ctx = from ?? createTestContext()
      const heard = await listen(flow, () => run(ctx))
      const requestId = isOfRequest === false ? null : ctx.requestId
      expect(heard).toEqual([
        ['start', { flow, requestId, durationMilliseconds: null, outcome: null, error: null }],
        ['asyncEnd', { flow, requestId, durationMilliseconds: expect.any(Number), outcome, error: null }],
      ])
      for (const secret of hidden) expect(JSON.stringify(heard)).not.toContain(secret)
    },
  )

  it('have a row for every flow that is published', async () => {
    const published = new Set<string>()
    const source = join(import.meta.dirname, '..')
    for await (const file of glob('**/*.ts', { cwd: source })) {
      if (/\.test\.ts$|^testing\/|trace-flow\.ts$/.test(file)) continue
      const text = await readFile(join(source, file), 'utf8')
      for (const [, flow = ''] of text.matchAll(/\btraceFlow\('([\w.]+)'/g)) published.add(flow)
    }
    const tested: ReadonlySet<string> = new Set(flowCalls.map(({ flow }) => flow))
    expect(published.size).toBeGreaterThan(10)
    expect([...published].filter((flow) => !tested.has(flow))).toEqual([])
  })

  it('are all described for the guide', () => {
    expect(Object.keys(flowMeanings)).toEqual([...flowNames])
  })
})
