import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COMMON_PHRASES, COMMON_STEMS, KEYBOARD_WALKS } from './common-password-data.ts'
import { containsWord, isCommonPassword } from './common-password.ts'
import { cpuMilliseconds } from './testing-only/cpu-time.ts'

describe('isCommonPassword', () => {
  it.each([
    'Password123!',
    'password1234',
    'passwordpassword',
    'P@ssw0rd!2024',
    'Passwort2025!',
    'motdepasse123',
    'qwertyuiop123',
    'qwerasdfzxcv',
    '1q2w3e4r5t6y',
    '1qaz2wsx3edc',
    'zaq12wsxcde3',
    'poiuytrewq12',
    '123456789012',
    '098765432109',
    '111111222222',
    'aaaaaaaaaaaa',
    'abababababab',
    'abbaabbbabaa',
    'abcabcabcabc',
    'xkcdxkcdxkcd',
    'vorpxvorpxvo',
    'lamp42Lamp42',
    'Summer2026-?Summer2026-?',
    'abcd1234efgh',
    'Summer2026!!!',
    'Winter-2025-!',
    'iloveyou4ever',
    'iloveyou1234',
    'letmein12345',
    'welcome12345',
    'Admin@123456',
    'administrator',
    'mypassword12345',
    'trustno1trustno1',
    'correct horse battery staple',
    'CorrectHorseBatteryStaple1',
    'maytheforcebewithyou',
    'To be or not to be',
    'changemenow!',
    'michael-1985',
    'leavemealone',
    'peanutbutter7',
    'ghjcnjgfhjkm', // Russian words typed on Latin keys
    'ghbdtn123456',
    '123qweasdzxc',
    '12qw34er56ty',
    '🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂',
  ])('PWD-06 knows %s', (password) => {
    expect(isCommonPassword(password)).toBe(true)
  })

  it.each([
    'lamp orbit cactus violin',
    'zebra-lantern-violet',
    'sunshine dragon monkey football',
    'my old password is 12',
    '839201746352',
    'Tr0ub4dor&3xx',
    'fjällräven under bron',
    '我喜欢在雨天的时候喝一杯热茶',
  ])('leaves %s to its owner', (password) => {
    expect(isCommonPassword(password)).toBe(false)
  })

  it('PWD-06 knows every stem and phrase of its list, with a year or a count behind it', () => {
    for (const word of [...COMMON_STEMS, ...COMMON_PHRASES]) {
      for (const password of [`${word}2026!`, `${word}123456`, `${word.toUpperCase()}!!!`]) {
        expect([password, isCommonPassword(password)]).toEqual([password, true])
      }
    }
  })

  it('PWD-06 knows every walk of twelve keys, in both directions', () => {
    for (const walk of KEYBOARD_WALKS.filter((keys) => Array.from(keys).length >= 12)) {
      expect([walk, isCommonPassword(walk)]).toEqual([walk, true])
      const back = Array.from(walk).toReversed().join('')
      expect([back, isCommonPassword(back)]).toEqual([back, true])
    }
  })

  it('refuses nothing that a password manager makes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (bytes) => {
        fc.pre(new Set(bytes).size > 6)
        expect(isCommonPassword(Buffer.from(bytes).toString('base64url'))).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('INJ-14 answers for the longest password at once', () => {
    const spent = cpuMilliseconds(() => {
      for (const password of [
        'password'.repeat(32),
        '1q2w3e4r'.repeat(32),
        'a1'.repeat(128),
        'xyzw!'.repeat(51),
      ]) {
        isCommonPassword(password)
      }
    })
    expect(spent).toBeLessThan(500)
  })
})

describe('the list', () => {
  it('is in the form that is looked for: lower case, NFC, nothing twice', () => {
    for (const list of [COMMON_PHRASES, KEYBOARD_WALKS]) expect(new Set(list).size).toBe(list.length)
    for (const word of [...COMMON_STEMS, ...COMMON_PHRASES]) {
      expect(word).toBe(word.toLowerCase().normalize('NFC'))
    }
  })
})

describe('containsWord', () => {
  it.each(['acme is mine', 'myACMEpassword', 'xx4cm3xx', '@cme', 'ACME'])('finds acme in %s', (password) => {
    expect(containsWord(password, 'Acme')).toBe(true)
  })

  it.each(['ac me', 'acm', '', 'emca'])('does not find acme in %j', (password) => {
    expect(containsWord(password, 'Acme')).toBe(false)
  })
})
