import { describe, expect, it } from 'vitest'
import { createSessionToken, hashSessionToken, parseSessionToken } from './session-token.ts'

describe('createSessionToken', () => {
  it('makes 43 base64url characters from 256 random bits', () => {
    expect(createSessionToken()).toMatch(/^[\w-]{43}$/)
    expect(createSessionToken()).not.toBe(createSessionToken())
    expect(createSessionToken((bytes) => bytes.fill(255))).toBe(`${'_'.repeat(42)}8`)
  })
})

describe('parseSessionToken', () => {
  it('reads what was made', () => {
    const token = createSessionToken()
    expect(parseSessionToken(token)).toBe(token)
  })

  it('refuses a second spelling of a token', () => {
    // The last character holds four bits: `9` decodes to the same bytes as `8`.
    expect(parseSessionToken(`${'_'.repeat(42)}8`)).not.toBeNull()
    expect(parseSessionToken(`${'_'.repeat(42)}9`)).toBeNull()
    expect(parseSessionToken(`${'_'.repeat(42)}8=`)).toBeNull()
  })

  it('SESS-05 refuses what the database holds in place of the token', () => {
    const token = createSessionToken()
    const stolen = Buffer.from(hashSessionToken(token)).toString('base64url')
    const parsed = parseSessionToken(stolen)
    expect(parsed && hashSessionToken(parsed)).not.toEqual(hashSessionToken(token))
    expect(parseSessionToken(Buffer.from(hashSessionToken(token)).toString('hex'))).toBeNull()
  })
})
