import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCanonical, encodeBase64Url } from './base64url.ts'

describe('decodeCanonical', () => {
  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeCanonical(encodeBase64Url(bytes))).toEqual(new Uint8Array(bytes))
      }),
    )
  })

  it('accepts exactly one spelling of any bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'AQgw_-+/= \nZ9') }), (text) => {
        const bytes = decodeCanonical(text)
        expect(bytes === null || encodeBase64Url(bytes) === text).toBe(true)
      }),
    )
  })

  it.each(['AQ==', 'A+', 'A/', 'A', 'AB', 'AQ ', ' AQ', 'A\nQ', 'AQ.', 'ÄQ'])('refuses %j', (text) => {
    expect(decodeCanonical(text)).toBeNull()
  })
})
