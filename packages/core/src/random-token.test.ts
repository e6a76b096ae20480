import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandomToken, isRandomToken } from './random-token.ts'
import { anyText } from './testing-only/any-text.ts'

describe('createRandomToken', () => {
  it('makes 43 base64url characters from 256 random bits', () => {
    expect(createRandomToken()).toMatch(/^[\w-]{43}$/)
    expect(createRandomToken()).not.toBe(createRandomToken())
    expect(createRandomToken((bytes) => bytes.fill(255))).toBe(`${'_'.repeat(42)}8`)
  })
})

describe('isRandomToken', () => {
  it('knows what was made', () => {
    expect(isRandomToken(createRandomToken())).toBe(true)
  })

  it('knows a token by one spelling only', () => {
    // The last character holds four bits: `9` decodes to the same bytes as `8`.
    expect(isRandomToken(`${'_'.repeat(42)}8`)).toBe(true)
    expect(isRandomToken(`${'_'.repeat(42)}9`)).toBe(false)
    expect(isRandomToken(`${'_'.repeat(42)}8=`)).toBe(false)
  })

  it('knows nothing else, of any type', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(isRandomToken(value)).toBe(false)
      }),
    )
    fc.assert(
      fc.property(anyText({ maxLength: 60 }), (text) => {
        fc.pre(!/^[\w-]{42}[048AEIMQUYcgkosw]$/.test(text))
        expect(isRandomToken(text)).toBe(false)
      }),
    )
  })
})
