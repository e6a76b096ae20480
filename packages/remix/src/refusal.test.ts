import { expect, it } from 'vitest'
import { refusalInit } from './refusal.ts'

it.each([
  [
    { ok: false, reason: 'limited', retryAfterSeconds: 12.2 },
    { status: 429, headers: { 'Retry-After': '13' } },
  ],
  [
    { ok: false, reason: 'busy', retryAfterSeconds: 0 },
    { status: 503, headers: { 'Retry-After': '1' } },
  ],
  [
    { ok: false, reason: 'invalid-credentials' },
    { status: 400, headers: {} },
  ],
] as const)('answers %j', (refusal, init) => {
  expect(refusalInit(refusal)).toEqual(init)
})
