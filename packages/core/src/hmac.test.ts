import { describe, expect, it } from 'vitest'
import rfc4231 from '../../../fixtures/vectors/rfc4231-hmac-sha256.json' with { type: 'json' }
import { hmacSha256 } from './hmac.ts'

describe('hmacSha256', () => {
  it.each(rfc4231.cases)('agrees with RFC 4231 $name', ({ key, data, mac }) => {
    const made = hmacSha256(Buffer.from(key, 'hex'), Buffer.from(data, 'hex'))
    expect(Buffer.from(made).toString('hex')).toBe(mac)
  })
})
