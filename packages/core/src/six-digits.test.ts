import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSixDigits } from './six-digits.ts'
import { anyText } from './testing-only/any-text.ts'

describe('parseSixDigits', () => {
  it.each(['012345', ' 012345 ', '012 345', '012-345', '0 1 2 3 4 5', '012\u00a0345', '012–345'])(
    'reads %j as people write it',
    (typed) => {
      expect(parseSixDigits(typed)).toBe('012345')
    },
  )

  it.each([
    ['Arabic-Indic', '\u0660\u0661\u0662\u0663\u0664\u0665'],
    ['full-width', '\uff10\uff11\uff12\uff13\uff14\uff15'],
    ['Devanagari', '\u0966\u0967\u0968\u0969\u096a\u096b'],
    ['mathematical', '\u{1d7ce}\u{1d7cf}\u{1d7d0}\u{1d7d1}\u{1d7d2}\u{1d7d3}'],
    ['one full-width', '01234\uff15'],
  ])('refuses %s digits', (_, typed) => {
    expect(parseSixDigits(typed)).toBeNull()
  })

  it.each(['', '12345', '1234567', '12345a', '+12345', '0x1234', '12.345', null, 12_345, ['012345']])(
    'refuses %j',
    (typed) => {
      expect(parseSixDigits(typed)).toBeNull()
    },
  )

  it('gives six ASCII digits or nothing, whatever text comes', () => {
    fc.assert(
      fc.property(anyText(), (typed) => {
        expect(parseSixDigits(typed) ?? '000000').toMatch(/^[0-9]{6}$/)
      }),
    )
  })

  it('INJ-14 refuses a long text before it reads it', () => {
    expect(parseSixDigits(`${' '.repeat(1_000_000)}012345`)).toBeNull()
  })
})
