import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTrustToken, hashTrustToken, parseTrustTokens } from './trust-token.ts'

describe('trust tokens', () => {
  it('are read back from one cookie, at most as many as may be there', () => {
    const tokens = [createTrustToken(), createTrustToken(), createTrustToken()]
    expect(parseTrustTokens(tokens.join('.'), 5)).toEqual(tokens)
    expect(parseTrustTokens(tokens.join('.'), 2)).toEqual(tokens.slice(0, 2))
  })

  it('leave out what is none', () => {
    const token = createTrustToken()
    expect(parseTrustTokens(`x.${token}=.${token}.`, 5)).toEqual([token])
    expect(parseTrustTokens(null, 5)).toEqual([])
  })

  it('SESS-03 are read from any cookie without a throw, each in its one spelling, and never too many', () => {
    const piece = fc.oneof(
      fc.constantFrom('.', createTrustToken(), '=', 'A'.repeat(43)),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(fc.array(piece), fc.nat(6), (pieces, most) => {
        const value = pieces.join('')
        const tokens = parseTrustTokens(value, most)
        expect(tokens.length).toBeLessThanOrEqual(most)
        for (const token of tokens) expect(parseTrustTokens(token, 1)).toEqual([token])
        expect(tokens.every((token) => value.split('.').includes(token))).toBe(true)
      }),
    )
  })

  it('are 256 random bits, stored as 256 bits of hash', () => {
    expect(createTrustToken((bytes) => bytes.fill(7))).toHaveLength(43)
    expect(hashTrustToken(createTrustToken())).toHaveLength(32)
  })
})
