import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalizePassword } from './normalize-password.ts'
import { anyText } from './testing-only/any-text.ts'
import { cpuMilliseconds } from './testing-only/cpu-time.ts'

describe('normalizePassword', () => {
  it('PWD-04 makes one password of two ways to write é, and does not fold look-alikes', () => {
    expect(normalizePassword('cafe\u0301 noir 1234')).toBe('caf\u00e9 noir 1234')
    expect(normalizePassword('\ufb01sch')).not.toBe(normalizePassword('fisch'))
    expect(normalizePassword('\uff21bc')).not.toBe(normalizePassword('Abc'))
  })

  it('keeps blanks, tabs and case: nothing is trimmed or folded', () => {
    expect(normalizePassword('  Blank \t ')).toBe('  Blank \t ')
  })

  it.each([
    ['NUL', 'before\0after'],
    ['a lone surrogate', 'a\ud800b'],
    ['half a pair at the end', 'a\ud83d'],
    ['no text', undefined],
    ['a list', ['password']],
    ['a number', 123_456_789_012],
  ])('PWD-03 refuses %s', (_, value) => {
    expect(normalizePassword(value)).toBeNull()
  })

  it('PWD-01 takes 256 code points and 1,024 bytes, and not one more', () => {
    expect(normalizePassword('a'.repeat(256))).toHaveLength(256)
    expect(normalizePassword('😀'.repeat(256))).toHaveLength(512)
    expect(normalizePassword('a'.repeat(257))).toBeNull()
    expect(normalizePassword('😀'.repeat(257))).toBeNull()
    expect(normalizePassword('e\u0301'.repeat(256))).toHaveLength(256)
  })

  it('PWD-01 refuses ten megabytes without working through them', () => {
    const text = 'e\u0301'.repeat(5_000_000)
    const whole = cpuMilliseconds(() => text.normalize('NFC'))
    const spent = cpuMilliseconds(() => normalizePassword(text))
    expect(normalizePassword(text)).toBeNull()
    expect(spent).toBeLessThan(whole / 10)
  })

  it('PWD-03 never gives back a part, and is settled, whatever comes', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const password = normalizePassword(text)
        expect(password === null || password === text.normalize('NFC')).toBe(true)
        expect(password === null || normalizePassword(password) === password).toBe(true)
      }),
    )
  })
})
