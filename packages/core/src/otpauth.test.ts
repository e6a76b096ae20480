import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase32 } from './base32.ts'
import { ConfigInvalid } from './errors.ts'
import { createOtpauthUri, formatTotpSecret } from './otpauth.ts'
import { anyText } from './testing-only/any-text.ts'
import { createTotpSecret } from './totp.ts'

const secret = new TextEncoder().encode('12345678901234567890')
const names = { issuer: 'Acme', label: 'ada@example.com' }

/** As an app reads it: decode, then cut at the colon. */
function readUri(uri: string): { issuer: string; label: string; query: Record<string, string> } {
  const { pathname, searchParams } = new URL(uri.replace('otpauth://totp', 'https://totp.test'))
  const [issuer = '', label = '', ...rest] = decodeURIComponent(pathname.slice(1)).split(':')
  expect(rest).toEqual([])
  return { issuer, label, query: Object.fromEntries(searchParams) }
}

describe('formatTotpSecret', () => {
  it('writes base32 in groups of four', () => {
    expect(formatTotpSecret(secret)).toBe('GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ')
  })

  it('loses nothing', () => {
    const made = createTotpSecret()
    expect(decodeBase32(formatTotpSecret(made).replaceAll(' ', ''))).toEqual(made)
  })
})

describe('createOtpauthUri', () => {
  it('is what every authenticator app reads', () => {
    expect(createOtpauthUri(secret, names)).toBe(
      'otpauth://totp/Acme:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme&algorithm=SHA1&digits=6&period=30',
    )
  })

  it('MFA-14 encodes what would end a name or begin a parameter', () => {
    const uri = createOtpauthUri(secret, {
      issuer: 'A&secret=AAAA#?/%',
      label: "o'hara+x@example.com&issuer=Bank",
    })
    expect(readUri(uri)).toMatchObject({
      issuer: 'A&secret=AAAA#?/%',
      label: "o'hara+x@example.com&issuer=Bank",
      query: { issuer: 'A&secret=AAAA#?/%', secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' },
    })
  })

  it('MFA-14 lets no name pose as two: a colon becomes a blank, encoded or not', () => {
    expect(readUri(createOtpauthUri(secret, { issuer: 'Bank:eve', label: 'a:b' }))).toMatchObject({
      issuer: 'Bank eve',
      label: 'a b',
    })
    expect(readUri(createOtpauthUri(secret, { issuer: 'Bank%3Aeve', label: 'a' })).issuer).toBe('Bank%3Aeve')
  })

  it('MFA-14 drops line breaks, controls and invisible characters', () => {
    const uri = createOtpauthUri(secret, { issuer: 'Ac\r\nme\0', label: '\u202eada\u200b@x.test\ud800' })
    expect(readUri(uri)).toMatchObject({ issuer: 'Ac me', label: 'ada @x.test\ufffd' })
  })

  it('MFA-14 has its six parameters and no others, whatever the names are', () => {
    fc.assert(
      fc.property(anyText(), anyText(), (issuer, label) => {
        const uri = createOtpauthUri(secret, { issuer: `A${issuer}`, label })
        expect(uri).toMatch(/^otpauth:\/\/totp\/[\w%.~-]+:[\w%.~-]*\?[\w%.~=&-]+$/)
        const { query } = readUri(uri)
        expect(query).toMatchObject({ algorithm: 'SHA1', digits: '6', period: '30' })
        expect(Object.keys(query)).toEqual(['secret', 'issuer', 'algorithm', 'digits', 'period'])
        expect(query.issuer).toBe(readUri(uri).issuer)
      }),
    )
  })

  it('cuts names that no QR code would hold, never within a character', () => {
    const { issuer, label } = readUri(
      createOtpauthUri(secret, { issuer: '👋'.repeat(500), label: 'x'.repeat(1e6) }),
    )
    expect(issuer).toBe('👋'.repeat(128))
    expect(label).toBe('x'.repeat(128))
  })

  it('refuses an app without a readable name', () => {
    expect(() => createOtpauthUri(secret, { issuer: ' :\n', label: 'a' })).toThrow(ConfigInvalid)
  })
})
