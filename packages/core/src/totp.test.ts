import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import hotp from '../../../fixtures/vectors/rfc4226-hotp.json' with { type: 'json' }
import totp from '../../../fixtures/vectors/rfc6238-totp-sha1.json' with { type: 'json' }
import { ConfigInvalid } from './errors.ts'
import { cpuMilliseconds } from './testing-only/cpu-time.ts'
import { checkTotp, createTotpCode, createTotpSecret, totpStep } from './totp.ts'

const secret = new TextEncoder().encode(totp.secret)
const at = (seconds: number): Date => new Date(seconds * 1000)
const anyStep = fc.integer({ min: 4, max: 2 ** 37 }) // to the last instant a Date can hold

describe('createTotpSecret', () => {
  it('makes 160 bits that are never the same twice', () => {
    expect(createTotpSecret()).toHaveLength(20)
    expect(createTotpSecret()).not.toEqual(createTotpSecret())
  })

  it('takes its randomness from whoever asks', () => {
    expect(createTotpSecret((bytes) => bytes.fill(7))).toEqual(new Uint8Array(20).fill(7))
  })
})

describe('createTotpCode', () => {
  it.each(hotp.cases)('gives the RFC 4226 code of count $count', ({ count, code }) => {
    expect(createTotpCode(secret, count)).toBe(code)
  })

  it.each(totp.cases)('gives the RFC 6238 code of second $seconds', ({ seconds, step, eightDigits }) => {
    expect(totpStep(at(seconds))).toBe(Number.parseInt(step, 16))
    expect(createTotpCode(secret, totpStep(at(seconds)))).toBe(eightDigits.slice(-6))
  })

  it('refuses a secret below 128 bits', () => {
    expect(() => createTotpCode(secret.subarray(0, 15), 1)).toThrow(ConfigInvalid)
    expect(createTotpCode(secret.subarray(0, 16), 1)).toMatch(/^[0-9]{6}$/)
  })
})

describe('checkTotp', () => {
  it('accepts the RFC 6238 code at its own time', () => {
    expect(checkTotp(secret, '287082', at(59), null)).toEqual({ ok: true, step: 1 })
  })

  it('MFA-02 refuses the same code a second time', () => {
    expect(checkTotp(secret, '287082', at(59), 1)).toEqual({ ok: false, reason: 'already-used' })
  })

  it('MFA-04 accepts one step either side and not the second one, to the millisecond', () => {
    const code = createTotpCode(secret, 100)
    const milliseconds = (value: number): unknown => checkTotp(secret, code, new Date(value), null)
    expect(milliseconds(99 * 30_000 - 1)).toEqual({ ok: false, reason: 'wrong' })
    expect(milliseconds(99 * 30_000)).toEqual({ ok: true, step: 100 })
    expect(milliseconds(102 * 30_000 - 1)).toEqual({ ok: true, step: 100 })
    expect(milliseconds(102 * 30_000)).toEqual({ ok: false, reason: 'wrong' })
  })

  it('accepts the current step alone when the window is closed', () => {
    const results = [99, 100, 101].map((step) => {
      return checkTotp(secret, createTotpCode(secret, step), at(100 * 30), null, { windowSteps: 0 }).ok
    })
    expect(results).toEqual([false, true, false])
  })

  it('MFA-04 never accepts a step that is not later than the last one', () => {
    fc.assert(
      fc.property(
        anyStep,
        fc.integer({ min: -3, max: 3 }),
        fc.integer({ min: -3, max: 3 }),
        (now, typed, last) => {
          const key = createTotpSecret()
          const result = checkTotp(key, createTotpCode(key, now + typed), at(now * 30), now + last)
          if (!result.ok) return
          expect(result.step).toBeGreaterThan(now + last)
          expect(Math.abs(result.step - now)).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  it('MFA-02 spends both of two neighbouring steps that show the same digits', () => {
    const twin = new Uint8Array(20)
    const step = 418_590 // the first of its two: about one step in a million shows the digits of the next
    const code = createTotpCode(twin, step)
    expect(createTotpCode(twin, step + 1)).toBe(code)
    expect(checkTotp(twin, code, at(step * 30), null)).toEqual({ ok: true, step: step + 1 })
    expect(checkTotp(twin, code, at(step * 30), step + 1)).toEqual({ ok: false, reason: 'already-used' })
  })

  it.each(['287 082', '287-082', ' 287082\n', '2 8 7 0 8 2'])('reads %j as people write it', (typed) => {
    expect(checkTotp(secret, typed, at(59), null)).toEqual({ ok: true, step: 1 })
  })

  it.each([
    '',
    '28708',
    '2870820',
    '\uff12\uff18\uff17\uff10\uff18\uff12',
    '\u0662\u0668\u0667\u0660\u0668\u0662',
    287_082,
    null,
    ['287082'],
    { toString: () => '287082' },
  ])('refuses %j as malformed', (typed) => {
    expect(checkTotp(secret, typed, at(59), null)).toEqual({ ok: false, reason: 'malformed' })
  })

  it('INJ-14 refuses 100 kB of near misses at once', () => {
    const typed = '287082 '.repeat(15_000)
    expect(cpuMilliseconds(() => checkTotp(secret, typed, at(59), null))).toBeLessThan(50)
  })

  it('refuses another secret', () => {
    expect(
      checkTotp(
        createTotpSecret((bytes) => bytes.fill(1)),
        '287082',
        at(59),
        null,
      ),
    ).toEqual({
      ok: false,
      reason: 'wrong',
    })
  })

  it('has no step before 1970, and works in its first minute', () => {
    expect(checkTotp(secret, '755224', at(0), null)).toEqual({ ok: true, step: 0 })
    expect(() => checkTotp(secret, '755224', at(-1), null)).toThrow(ConfigInvalid)
    expect(() => checkTotp(secret, '755224', new Date(Number.NaN), null)).toThrow(ConfigInvalid)
  })

  it('refuses a wider window and a short secret, whatever code comes', () => {
    const wide = JSON.parse('{"windowSteps":2}')
    expect(() => checkTotp(secret, '287082', at(59), null, wide)).toThrow('windowSteps')
    expect(() => checkTotp(secret.subarray(0, 15), 'abc', at(59), null)).toThrow(ConfigInvalid)
  })
})
