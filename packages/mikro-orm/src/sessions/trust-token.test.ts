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

  it('are 256 random bits, stored as 256 bits of hash', () => {
    expect(createTrustToken((bytes) => bytes.fill(7))).toHaveLength(43)
    expect(hashTrustToken(createTrustToken())).toHaveLength(32)
  })
})
