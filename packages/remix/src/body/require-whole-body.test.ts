import { describe, expect, it } from 'vitest'
import { findFullSession } from '../guards.ts'
import { visitOf } from '../request/visit.ts'
import { runFlow } from '../run-flow.ts'
import { readBody } from '../forms/read-body.ts'
import { createOfflineSigra } from '../testing-only/offline-sigra.ts'
import { createTestApp } from '../testing-only/test-app.ts'
import { wrapHandler } from '../wrap-handler.ts'
import type { BodyLimit } from './body-limit.ts'

const { sigra } = createOfflineSigra({ edge: { dangerouslyAllowNoClientAddress: true } })
const { edge } = sigra
const ours = '/users/settings'
const PIECE = 'password='
const PIECES = 8 // more than any stream on the way takes before somebody reads

/** Edge of the same app, with another limit. */
const limitedTo = (body: BodyLimit) => ({ ...edge, settings: { ...edge.settings, body } })

/** A request all of whose body has come but the end. */
function hold(path: string, pieces = PIECES) {
  const asked = Promise.withResolvers<'asked for the rest'>()
  const rest = Promise.withResolvers<void>()
  let sent = 0
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (sent < pieces) {
        sent += 1
        return controller.enqueue(new TextEncoder().encode(PIECE))
      }
      asked.resolve('asked for the rest')
      await rest.promise
      controller.close()
    },
  })
  const init = { method: 'POST', body, duplex: 'half', headers: { Origin: 'https://app.test' } }
  return {
    request: new Request(`https://app.test${path}`, init),
    asked: asked.promise,
    letGo: () => rest.resolve(),
  }
}

/** Whoever may be the first to wait for a body, with what comes after it: the session is looked up there. */
const ways: Record<string, (request: Request, on: typeof edge, next: () => Response) => Promise<unknown>> = {
  'a wrapper of web requests': (request, on, next) =>
    wrapHandler(() => next(), { sigra: () => ({ edge: on }), socketAddress: () => '203.0.113.9' })(request),
  'the middleware': async (request, on, next) => {
    const action = { path: '*', action: () => next(), isPage: false }
    return createTestApp({ ...sigra, edge: on }, { action }, { isWrapped: false })(request)
  },
  'the first guard': async (request, on, next) => {
    await findFullSession(visitOf(on, { request }))
    return next()
  },
  'a flow': (request, on, next) => runFlow(visitOf(on, { request }), async () => next(), false),
}

/** A refusal is an answer, or is thrown as one. */
const answerOf = (outcome: Promise<unknown>) => outcome.catch((thrown: unknown) => thrown)

describe.each(Object.entries(ways))('a page of ours at %s', (_, way) => {
  it('SESS-22: is not reached before the body has come as a whole', async () => {
    const { request, asked, letGo } = hold(ours)
    const reached = Promise.withResolvers<'reached'>()
    const outcome = way(request, edge, () => {
      reached.resolve('reached')
      return new Response('done')
    })
    expect(await Promise.race([reached.promise, asked])).toBe('asked for the rest')
    letGo()
    expect(await reached.promise).toBe('reached')
    expect(await answerOf(outcome)).toMatchObject({ status: 200 })
  })

  it('SESS-22: is not reached by what is too large or too slow', async () => {
    const large = hold(ours)
    const next = () => new Response('done')
    const small = limitedTo({ maxBytes: PIECE.length * 2, seconds: 60 })
    expect(await answerOf(way(large.request, small, next))).toMatchObject({ status: 413 })
    const slow = hold(ours)
    const quick = limitedTo({ maxBytes: 64 * 1024, seconds: 0.05 })
    expect(await answerOf(way(slow.request, quick, next))).toMatchObject({ status: 408 })
  })

  it('leaves a page of the host what comes as it comes', async () => {
    const { request, asked } = hold('/uploads')
    const reached = Promise.withResolvers<'reached'>()
    const none = limitedTo({ maxBytes: 0, seconds: 0 })
    void way(request, none, () => {
      reached.resolve('reached')
      return new Response('done')
    })
    expect(await Promise.race([reached.promise, asked])).toBe('reached')
  })
})

describe('a form where nothing stands before it', () => {
  it('SESS-22: is refused by 408 where it is not whole in time', async () => {
    const { request } = hold(ours)
    const answer = await answerOf(readBody(request, { maxBytes: 64 * 1024, seconds: 0.05 }))
    expect(answer).toMatchObject({ status: 408 })
  })
})

it('SESS-22: what we take is 64 kB, whole within ten seconds', () => {
  expect(edge.settings.body).toEqual({ maxBytes: 65_536, seconds: 10 })
})
