import { tracingChannel } from 'node:diagnostics_channel'
import { describe, expect, it } from 'vitest'
import { type FlowTrace, traceFlow } from './trace-flow.ts'

function listen(flow: string) {
  const channel = tracingChannel<FlowTrace, FlowTrace>(`sigra:${flow}`)
  const heard: { at: string; trace: FlowTrace }[] = []
  const note = (at: string) => (trace: FlowTrace) => heard.push({ at, trace: { ...trace } })
  const subscribers = {
    start: note('start'),
    end: note('end'),
    asyncStart: note('asyncStart'),
    asyncEnd: note('asyncEnd'),
    error: note('error'),
  }
  channel.subscribe(subscribers)
  return { heard, stop: () => channel.unsubscribe(subscribers) }
}

describe('traceFlow', () => {
  it('tells start and end, with duration and outcome, and nothing of the result', async () => {
    const { heard, stop } = listen('auth.log_in')
    const result = await traceFlow('auth.log_in', { requestId: 'r1' }, async () => ({
      ok: true,
      outcome: 'signed-in',
      token: 'secret',
    }))
    stop()
    expect(result.token).toBe('secret')
    expect(heard.map(({ at }) => at)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd'])
    expect(heard[0]?.trace).toMatchObject({ flow: 'auth.log_in', requestId: 'r1', outcome: null })
    expect(heard.at(-1)?.trace).toMatchObject({
      outcome: 'signed-in',
      durationMilliseconds: expect.any(Number),
    })
    expect(JSON.stringify(heard)).not.toContain('secret')
  })

  it.each([
    [{ ok: false, reason: 'invalid-credentials' }, 'invalid-credentials'],
    [{ ok: true }, 'success'],
    [7, 'success'],
    [null, 'none'],
    [undefined, 'success'],
  ])('says of %j: %s', async (result, outcome) => {
    const { heard, stop } = listen('auth.confirm')
    await traceFlow('auth.confirm', null, async () => result)
    stop()
    expect(heard.at(-1)?.trace.outcome).toBe(outcome)
  })

  it('names what was thrown by name and code, never by its words', async () => {
    const { heard, stop } = listen('auth.reset')
    const thrown = Object.assign(new TypeError('token hunter2'), { code: 'X1' })
    await expect(traceFlow('auth.reset', null, () => Promise.reject(thrown))).rejects.toBe(thrown)
    stop()
    expect(heard.map(({ at }) => at)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd'])
    expect(heard.at(-1)?.trace).toMatchObject({ outcome: 'error', error: { name: 'TypeError', code: 'X1' } })
    expect(JSON.stringify(heard)).not.toContain('hunter2')
  })

  it('costs nothing and changes nothing without a listener', async () => {
    expect(await traceFlow('sweep.run', null, async () => 'done')).toBe('done')
  })
})
