import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLocale } from './locale.ts'

describe('parseLocale', () => {
  it('reads a language tag in any spelling', () => {
    expect(['de', 'PT-br', 'zh-hans-cn', 'en-GB'].map(parseLocale)).toEqual([
      'de',
      'pt-BR',
      'zh-Hans-CN',
      'en-GB',
    ])
  })

  it('leaves out extensions: calendar and digits are not for its author to choose', () => {
    expect(parseLocale('de-u-ca-buddhist-nu-thai')).toBe('de')
    expect(parseLocale('en-x-evil')).toBe('en')
  })

  it.each(['', 'd', 'Deutsch!', 'de_DE', 'de, en', '*', 'de\r\n', '../de', 'a'.repeat(36), null, 7])(
    'refuses %j',
    (value) => {
      expect(parseLocale(value)).toBeNull()
    },
  )

  it('INJ-02 gives nothing but letters, digits and hyphens, and never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseLocale(value) ?? 'none').toMatch(/^[\da-z-]+$/i)
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 40 }), (value) => {
        expect(parseLocale(value) ?? 'none').toMatch(/^[\da-z-]+$/i)
      }),
    )
  })
})
