import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sanitizeText } from './text.ts'
import { anyText } from './testing-only/any-text.ts'
import { cpuMilliseconds } from './testing-only/cpu-time.ts'

describe('sanitizeText', () => {
  it('leaves ordinary text of any language alone', () => {
    expect(sanitizeText('Mozilla/5.0 (Größe; 日本語; 😀) C:\\x', 100)).toBe(
      'Mozilla/5.0 (Größe; 日本語; 😀) C:\\x',
    )
  })

  it.each([
    ['a\r\nb', 'a\\u000d\\u000ab'],
    ['\u001b[31mred', '\\u001b[31mred'],
    ['\u009b31m', '\\u009b31m'],
    ['a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['a\u2028b', 'a\\u2028b'],
    ['a\0b\t', 'a\\u0000b\\u0009'],
    ['a\ud800b', 'a\\ud800b'],
    ['\u{e0041}', '\\udb40\\udc41'],
  ])('INJ-02 encodes %j', (text, safe) => {
    expect(sanitizeText(text, 100)).toBe(safe)
  })

  it('INJ-02 never gives back more than was asked for, nor anything unsafe, and is settled', () => {
    fc.assert(
      fc.property(anyText(), fc.nat(40), (text, maxLength) => {
        const safe = sanitizeText(text, maxLength)
        expect(safe.length).toBeLessThanOrEqual(maxLength)
        expect(safe).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(sanitizeText(safe, maxLength)).toBe(safe)
      }),
      { numRuns: 1000 },
    )
  })

  it('marks what was cut and splits no character', () => {
    expect(sanitizeText('abcdef', 4)).toBe('abc…')
    expect(sanitizeText('ab😀cd', 4)).toBe('ab…')
    expect(sanitizeText('abcd', 4)).toBe('abcd')
    expect(sanitizeText('abcd', 0)).toBe('')
  })

  it('INJ-02 reads no more of a megabyte than it keeps', () => {
    const megabyte = '\n'.repeat(1_000_000)
    const read = () => cpuMilliseconds(() => expect(sanitizeText(megabyte, 512)).toHaveLength(511))
    // The least of a few: a collection or a compilation falls into one of them, not into all.
    expect(Math.min(...Array.from({ length: 5 }, read))).toBeLessThan(10) // all of it takes 40 and more
  })
})
