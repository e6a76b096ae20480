import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../bytes.ts'
import { createRootSecret, parseKeyRing } from '../key-ring.ts'
import { anyText } from '../testing-only/any-text.ts'
import { type ClientDataExpectation, checkClientData } from './check-client-data.ts'

const now = new Date('2026-05-04T09:41:00Z')
const expected: ClientDataExpectation = {
  ring: parseKeyRing(createRootSecret()),
  type: 'webauthn.get',
  origin: 'https://app.test',
  binding: { purpose: 'sign-in', browserHash: new Uint8Array(32), userId: null },
  now,
}

describe('checkClientData', () => {
  it('PK-17 refuses whatever is nearly right without a throw: no challenge of ours is in it', () => {
    const nearly = fc.record(
      {
        type: fc.oneof(fc.constant('webauthn.get'), fc.constant('webauthn.create'), fc.anything()),
        origin: fc.oneof(fc.constant('https://app.test'), anyText(), fc.webUrl(), fc.anything()),
        challenge: fc.oneof(anyText(), fc.base64String(), fc.anything()),
        crossOrigin: fc.oneof(fc.constant(false), fc.anything()),
        topOrigin: fc.oneof(fc.constant(undefined), fc.anything()),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(nearly, fc.anything()), (value) => {
        const json = stringify(value)
        expect(checkClientData(encodeUtf8(json), expected).ok).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('PK-17 refuses any JSON, and any text that is none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => {
        expect(checkClientData(encodeUtf8(text), expected).ok).toBe(false)
      }),
    )
  })
})

/** Some of what may come has no JSON: a bigint, a circle. */
function stringify(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return String(Object.keys(Object(value)))
  }
}
