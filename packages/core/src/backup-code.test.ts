import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { checkBackupCode, createBackupCodes, hashBackupCode, parseBackupCode } from './backup-code.ts'
import { ConfigInvalid } from './errors.ts'
import { createPasswordHasher } from './password-hasher.ts'
import { anyText } from './testing-only/any-text.ts'
import { cpuMilliseconds } from './testing-only/cpu-time.ts'

const hasher = createPasswordHasher({ memoryKib: 128 })
afterAll(() => hasher.close())

const [code = { text: '', lookupPrefix: '', secret: '' }, other = code] = createBackupCodes()

describe('createBackupCodes', () => {
  it('makes ten different codes in four groups without look-alikes', () => {
    const codes = createBackupCodes()
    expect(new Set(codes.map(({ text }) => text)).size).toBe(10)
    for (const { text } of codes) expect(text).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/)
  })

  it('holds 80 random bits: sixteen characters, each of 32 equally likely', () => {
    const counts = new Map<string, number>()
    const rounds = 1000
    for (let round = 0; round < rounds; round++) {
      for (const { secret } of createBackupCodes()) {
        for (const character of secret) counts.set(character, (counts.get(character) ?? 0) + 1)
      }
    }
    const expected = (rounds * 10 * 14) / 32
    const chiSquared = [...counts.values()].reduce(
      (sum, count) => sum + (count - expected) ** 2 / expected,
      0,
    )
    expect(counts.size).toBe(32)
    expect(chiSquared).toBeLessThan(90) // 31 degrees of freedom: p < 0.000001
  })

  it('shows 10 bits to who reads the database and keeps 70 behind the hash', () => {
    expect(code.lookupPrefix).toHaveLength(2)
    expect(code.secret).toHaveLength(14)
    expect(code.text.replaceAll('-', '')).toBe(code.lookupPrefix + code.secret)
  })

  it('gives no two codes of a set the same prefix, so that one hash decides', () => {
    for (let round = 0; round < 200; round++) {
      const codes = createBackupCodes()
      expect(codes).toHaveLength(10)
      expect(new Set(codes.map(({ lookupPrefix }) => lookupPrefix)).size).toBe(10)
    }
  })

  it('does not wait forever for randomness that repeats itself', () => {
    expect(() => createBackupCodes((bytes) => bytes.fill(1))).toThrow(ConfigInvalid)
  })
})

describe('parseBackupCode', () => {
  it('reads back every code it made', () => {
    for (const made of createBackupCodes()) expect(parseBackupCode(made.text)).toEqual(made)
  })

  it.each([
    ['upper case', '7K2M-9XQA-4HCW-ZT3E'],
    ['no dashes', '7k2m9xqa4hcwzt3e'],
    ['blanks', ' 7k2m 9xqa 4hcw zt3e\n'],
    ['other dashes', '7k2m–9xqa‑4hcw—zt3e'],
  ])('reads a code with %s', (_, typed) => {
    expect(parseBackupCode(typed)?.text).toBe('7k2m-9xqa-4hcw-zt3e')
  })

  it('reads what people mistake on paper: o for 0, i and l for 1', () => {
    expect(parseBackupCode('0o0O-1i1I-1l1L-7777')?.text).toBe('0000-1111-1111-7777')
  })

  it.each([
    '',
    '7k2m-9xqa-4hcw',
    '7k2m-9xqa-4hcw-zt3e-7',
    '7k2m-9xqa-4hcw-zt3u',
    '7\u212a2m-9xqa-4hcw-zt3e',
    '\uff17k2m-9xqa-4hcw-zt3e',
    '7k2m_9xqa_4hcw_zt3e',
    null,
    7,
    ['7k2m-9xqa-4hcw-zt3e'],
    { toString: () => '7k2m-9xqa-4hcw-zt3e' },
  ])('refuses %j', (typed) => {
    expect(parseBackupCode(typed)).toBeNull()
  })

  it('gives a code it could have made or nothing, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), anyText()), (typed) => {
        const parsed = parseBackupCode(typed)
        expect(parsed === null || parseBackupCode(parsed.text)?.text === parsed.text).toBe(true)
      }),
    )
  })

  it('INJ-14 refuses 100 kB of near misses at once', () => {
    const typed = '7k2m-'.repeat(20_000)
    expect(cpuMilliseconds(() => parseBackupCode(typed))).toBeLessThan(50)
    expect(parseBackupCode(typed)).toBeNull()
  })
})

describe('checkBackupCode', () => {
  it('accepts the code that was hashed and no other', async () => {
    const hash = await hashBackupCode(hasher, code)
    expect(hash).toMatch(/^\$argon2id\$/)
    expect(await checkBackupCode(hasher, code, hash)).toBe(true)
    expect(await checkBackupCode(hasher, other, hash)).toBe(false)
  })

  it.each([
    ['the right row', true],
    ['no row', false],
  ])('makes exactly one argon2id call with %s', async (_, isStored) => {
    const hash = isStored ? await hashBackupCode(hasher, code) : null
    const before = hasher.calls
    expect(await checkBackupCode(hasher, code, hash)).toBe(isStored)
    expect(hasher.calls - before).toBe(1)
  })

  it('does not hold the code or its prefix in what is stored', async () => {
    const hash = await hashBackupCode(hasher, code)
    expect(hash).not.toContain(code.secret)
    expect(hash).not.toBe(await hashBackupCode(hasher, code))
  })
})
