import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import published from '../../../fixtures/vectors/rfc4648-base32.json' with { type: 'json' }
import { decodeBase32, encodeBase32 } from './base32.ts'

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))

describe('encodeBase32', () => {
  it.each(published.cases)('gives the published answer for $text', ({ text, base32 }) => {
    expect(encodeBase32(utf8(text))).toBe(base32)
  })
})

describe('decodeBase32', () => {
  it.each(published.cases)('reads the published $base32', ({ text, base32 }) => {
    expect(decodeBase32(base32)).toEqual(utf8(text))
  })

  it('reads back whatever bytes were encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeBase32(encodeBase32(bytes))).toEqual(new Uint8Array(bytes))
      }),
    )
  })

  it.each(['mzxw6', 'MZXW6===', 'MZXW 6', 'MZXW1', 'MZXW7', 'M', 'MZX', 'ＭＹ'])('refuses %j', (text) => {
    expect(decodeBase32(text)).toBeNull()
  })
})
