import { describe, expect, it } from 'vitest'
import rfc5869 from '../../../fixtures/vectors/rfc5869-hkdf-sha256.json' with { type: 'json' }
import { hkdfSha256 } from './hkdf.ts'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

describe('hkdfSha256', () => {
  it.each(rfc5869.cases)('agrees with RFC 5869 $name', ({ ikm, salt, info, length, okm }) => {
    const made = hkdfSha256(hex(ikm), hex(salt), hex(info), length)
    expect(Buffer.from(made).toString('hex')).toBe(okm)
  })
})
