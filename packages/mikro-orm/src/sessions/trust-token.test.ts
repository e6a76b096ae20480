import { parseKeyRing } from '@sigra/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createTrustToken,
  hashTrustFamily,
  hashTrustToken,
  parseTrustTokens,
  succeedTrustToken,
} from './trust-token.ts'

const key = (letter: string) => Buffer.alloc(32, letter).toString('base64url')
const ring = parseKeyRing(`k1:${key('a')}`)

describe('trust tokens', () => {
  it('are read back from one cookie, at most as many as may be there', () => {
    const tokens = [createTrustToken(), createTrustToken(), createTrustToken()]
    expect(parseTrustTokens(tokens.join('.'), 5)).toEqual(tokens)
    expect(parseTrustTokens(tokens.join('.'), 2)).toEqual(tokens.slice(0, 2))
  })

  it('leave out what is none', () => {
    const token = createTrustToken()
    expect(parseTrustTokens(`x.${token}=.${token}.`, 5)).toEqual([token])
    for (const bad of [null, token.slice(1), `${token}A`, token.slice(0, 43)]) {
      expect(parseTrustTokens(bad, 5)).toEqual([])
    }
  })

  it('SESS-03 are read from any cookie without a throw, each in its one spelling, and never too many', () => {
    const piece = fc.oneof(
      fc.constantFrom('.', createTrustToken(), '=', 'A'.repeat(86)),
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
    expect(createTrustToken((bytes) => bytes.fill(7))).toHaveLength(86) // as many name the family
    expect(hashTrustToken(createTrustToken())).toHaveLength(32)
  })

  it('have one next value, of the same family', () => {
    const token = createTrustToken()
    const next = succeedTrustToken(ring, token)
    expect(succeedTrustToken(ring, token)).toBe(next)
    expect(parseTrustTokens(next, 1)).toEqual([next])
    expect(hashTrustFamily(next)).toEqual(hashTrustFamily(token))
    expect(hashTrustFamily(createTrustToken())).not.toEqual(hashTrustFamily(token))
    expect(new Set([token, next, succeedTrustToken(ring, next)]).size).toBe(3)
  })

  it('TB-01: have a next value that nobody tells without the key', () => {
    const token = createTrustToken()
    expect(succeedTrustToken(parseKeyRing(`k1:${key('b')}`), token)).not.toBe(succeedTrustToken(ring, token))
  })
})
