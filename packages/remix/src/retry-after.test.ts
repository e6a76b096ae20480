import { expect, it } from 'vitest'
import { createOfflineSigra } from './testing-only/offline-sigra.ts'
import { completeHeaders, webHeaders } from './request/answer-headers.ts'
import { enterRequest } from './request/enter-request.ts'
import { retryAfter } from './refusal.ts'

const { sigra } = createOfflineSigra()

it.each([
  [{ ok: false, reason: 'limited', retryAfterSeconds: 12.2 }, '13'],
  [{ ok: false, reason: 'busy' }, '1'],
  [{ ok: false, reason: 'wrong-code', retryAfterSeconds: 9 }, null],
  [{ ok: true }, null],
  [null, null],
  ['limited', null],
])('of %j is %j', (result, expected) => {
  expect(retryAfter(result)).toBe(expected)
})

it.each([
  [429, '13'],
  [503, '13'],
  [200, null],
  [303, null],
  [400, null],
])('goes out with %i as %j', (status, expected) => {
  const state = enterRequest(sigra.edge, { request: new Request('https://app.test/') })
  state.retryAfter = '13'
  const headers = new Headers()
  completeHeaders(state, status, webHeaders(headers))
  expect(headers.get('retry-after')).toBe(expected)
})
