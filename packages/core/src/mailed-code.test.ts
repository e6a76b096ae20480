import { describe, expect, it } from 'vitest'
import { createRootSecret, parseKeyRing } from './key-ring.ts'
import { deriveMailedCode, parseMailedCode } from './mailed-code.ts'
import { createSelector, deriveMailedToken, type TokenPurpose } from './mailed-token.ts'

const ring = parseKeyRing(createRootSecret())

describe('deriveMailedCode', () => {
  it('gives the same six digits for the same row', () => {
    const selector = createSelector()
    const code = deriveMailedCode(ring, 'confirm', 'k1', selector)
    expect(code).toMatch(/^[0-9]{6}$/)
    expect(deriveMailedCode(ring, 'confirm', 'k1', selector)).toBe(code)
  })

  it('TOK-11 gives other digits for another purpose', () => {
    const selectors = Array.from({ length: 5 }, () => createSelector())
    const codesOf = (purpose: TokenPurpose): string => {
      return selectors.map((selector) => deriveMailedCode(ring, purpose, 'k1', selector)).join()
    }
    expect(new Set([codesOf('confirm'), codesOf('magic-link'), codesOf('sudo')]).size).toBe(3)
  })

  it('TOK-03 cannot be read off the link: its key is another one', () => {
    const selectors = Array.from({ length: 5 }, () => createSelector())
    const fromLinks = selectors.map((selector) => {
      const text = deriveMailedToken(ring, 'confirm', 'k1', selector)?.text ?? ''
      const mac = Buffer.from(text, 'base64url').subarray(-32).toString('hex')
      return (BigInt(`0x${mac}`) % 1_000_000n).toString().padStart(6, '0')
    })
    expect(selectors.map((selector) => deriveMailedCode(ring, 'confirm', 'k1', selector))).not.toEqual(
      fromLinks,
    )
  })

  it('TOK-10 is uniform in every place, leading zeros included', () => {
    const rounds = 5000
    const counts = Array.from({ length: 6 }, () => Array.from({ length: 10 }, () => 0))
    for (let round = 0; round < rounds; round++) {
      const code = deriveMailedCode(ring, 'confirm', 'k1', createSelector()) ?? ''
      counts.forEach((digits, place) => {
        digits[Number(code[place])] = (digits[Number(code[place])] ?? 0) + 1
      })
    }
    for (const digits of counts) {
      const chiSquared = digits.reduce((sum, count) => sum + (count - rounds / 10) ** 2 / (rounds / 10), 0)
      expect(chiSquared).toBeLessThan(40) // nine degrees of freedom: p < 0.00001
    }
  })

  it('CFG-06 is null under a key the ring does not hold', () => {
    expect(deriveMailedCode(ring, 'confirm', 'k9', createSelector())).toBeNull()
  })
})

describe('parseMailedCode', () => {
  it.each(['012345', ' 012345 ', '012 345', '012-345', '0 1 2 3 4 5', '012\u00a0345', '012–345'])(
    'reads %j as people write it',
    (typed) => {
      expect(parseMailedCode(typed)).toBe('012345')
    },
  )

  it.each([
    '',
    '12345',
    '1234567',
    '12345a',
    '\u0660\u0661\u0662\u0663\u0664\u0665',
    '\uff10\uff11\uff12\uff13\uff14\uff15',
    '+12345',
    '0x1234',
    '1e5000',
    null,
    123_456,
    ['012345'],
  ])('refuses %j', (typed) => {
    expect(parseMailedCode(typed)).toBeNull()
  })

  it('INJ-14 refuses a long text before it reads it', () => {
    expect(parseMailedCode(`${' '.repeat(1_000_000)}012345`)).toBeNull()
  })
})
