import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPhc, isWeaker, parsePhc } from './phc.ts'
import { anyText } from './testing-only/any-text.ts'
import { cpuMilliseconds } from './testing-only/cpu-time.ts'

const salt = 'c29tZXNhbHQ'
const hash = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
const phc = (cost: string): string => `$argon2id$v=19$${cost}$${salt}$${hash}`

describe('parsePhc', () => {
  it('reads what formatPhc writes', () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 64 }).map((array) => new Uint8Array(array))
    const stored = fc.record({
      memoryKib: fc.integer({ min: 128, max: 65_536 }),
      passes: fc.integer({ min: 1, max: 16 }),
      parallelism: fc.integer({ min: 1, max: 16 }),
      salt: bytes,
      hash: bytes,
    })
    fc.assert(
      fc.property(stored, (value) => {
        expect(parsePhc(formatPhc(value))).toEqual(value)
      }),
    )
  })

  it.each([
    ['more memory than we are ready to spend', phc('m=262145,t=1,p=1')],
    ['terabytes', phc('m=4294967295,t=1,p=1')],
    ['too many passes', phc('m=64,t=33,p=1')],
    ['too much of both', phc('m=262144,t=5,p=1')],
    ['too many lanes', phc('m=65536,t=2,p=17')],
    ['less memory than its lanes need', phc('m=31,t=2,p=4')],
    ['no passes', phc('m=64,t=0,p=1')],
    ['no lanes', phc('m=64,t=1,p=0')],
    ['a leading zero', phc('m=064,t=1,p=1')],
    ['a negative number', phc('m=-64,t=1,p=1')],
    ['another order', phc('t=2,m=64,p=1')],
    ['a parameter more', phc('m=64,t=1,p=1,keyid=AA')],
    ['another version', phc('m=64,t=1,p=1').replace('v=19', 'v=16')],
    ['no version', phc('m=64,t=1,p=1').replace('v=19$', '')],
    ['another algorithm', phc('m=64,t=1,p=1').replace('argon2id', 'argon2i')],
    ['a short salt', phc('m=64,t=1,p=1').replace(salt, 'c29tZXM')],
    ['a short hash', phc('m=64,t=1,p=1').replace(hash, 'CTFhFdXPJO1aFaMaO6M')],
    ['padding', `${phc('m=64,t=1,p=1')}=`],
    ['bits beyond the last byte', `${phc('m=64,t=1,p=1').slice(0, -1)}d`],
    ['a line break', `${phc('m=64,t=1,p=1')}\n`],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(parsePhc(text)).toBeNull()
  })

  it('PWD-03 is null or exact for every changed character', () => {
    const stored = phc('m=19456,t=2,p=1')
    fc.assert(
      fc.property(fc.nat(stored.length - 1), fc.constantFrom(...'$=,mtp0129Az+/-\0 '), (at, character) => {
        const changed = stored.slice(0, at) + character + stored.slice(at + 1)
        const parsed = parsePhc(changed)
        expect(parsed === null || formatPhc(parsed) === changed).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('PWD-03 is null for whatever else comes, and never throws', () => {
    const piece = fc.constantFrom(
      '$argon2id',
      '$',
      'v=19',
      'm=19456',
      't=2',
      'p=1',
      ',',
      '=',
      '+',
      '-1',
      '1e9',
      'A'.repeat(22),
    )
    const text = fc.oneof(
      anyText(),
      fc.array(piece, { maxLength: 14 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, (stored) => {
        const parsed = parsePhc(stored)
        expect(parsed === null || formatPhc(parsed) === stored).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('INJ-14 answers a long near-match at once', () => {
    const spent = cpuMilliseconds(() => {
      expect(parsePhc(phc('m=64,t=1,p=1') + 'A'.repeat(100_000))).toBeNull()
    })
    expect(spent).toBeLessThan(50)
  })
})

describe('isWeaker', () => {
  const current = { memoryKib: 19_456, passes: 2, parallelism: 1 }

  it.each([
    [{ ...current, memoryKib: 12_288 }, true],
    [{ ...current, passes: 1 }, true],
    [{ ...current, memoryKib: 9_728, passes: 4 }, true],
    [current, false],
    [{ ...current, passes: 3 }, false],
    [{ ...current, memoryKib: 65_536, passes: 1 }, false],
  ])('compares %j with today', (stored, weaker) => {
    expect(isWeaker(stored, current)).toBe(weaker)
  })
})
