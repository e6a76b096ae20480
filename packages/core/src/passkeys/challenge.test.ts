import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64Url } from '../base64url.ts'
import { ConfigInvalid } from '../errors.ts'
import { sha256 } from '../hash.ts'
import { createRootSecret, parseKeyRing } from '../key-ring.ts'
import { cpuMilliseconds } from '../testing-only/cpu-time.ts'
import { type ChallengeBinding, type ChallengePurpose, checkChallenge, createChallenge } from './challenge.ts'

const [older, newer] = [createRootSecret(), createRootSecret().replace('k1', 'key-2')]
const ring = parseKeyRing(`${newer},${older}`)
const now = new Date('2026-11-20T12:00:00Z')
const browserHash = sha256('this browser')
const sudo: ChallengeBinding = { purpose: 'sudo', browserHash, userId: 'ada' }
const signIn: ChallengeBinding = { purpose: 'sign-in', browserHash, userId: null }
const after = (milliseconds: number): Date => new Date(now.getTime() + milliseconds)

describe('checkChallenge', () => {
  it.each([sudo, signIn])('accepts a challenge for $purpose where it was made for', (binding) => {
    const challenge = createChallenge(ring, binding, now)
    const result = checkChallenge(ring, challenge, binding, now)
    expect(result).toMatchObject({ ok: true, spent: { expiresAt: after(300_000) } })
    expect(result.ok && result.spent.hash).toHaveLength(32)
  })

  it('PK-01 gives one hash for one challenge, and another for every other', () => {
    const [mine, other] = [createChallenge(ring, sudo, now), createChallenge(ring, sudo, now)]
    const hashOf = (challenge: string): unknown => {
      const result = checkChallenge(ring, challenge, sudo, now)
      return result.ok && encodeBase64Url(result.spent.hash)
    }
    expect(hashOf(mine)).toBe(hashOf(mine))
    expect(hashOf(mine)).not.toBe(hashOf(other))
  })

  it('PK-01 has one spelling, so that none has a second hash', () => {
    const challenge = createChallenge(ring, sudo, now)
    for (const spelling of [
      `${challenge}=`,
      ` ${challenge}`,
      `${challenge}\n`,
      `${challenge}A`,
      `A${challenge}`,
    ]) {
      expect(checkChallenge(ring, spelling, sudo, now).ok).toBe(false)
    }
  })

  it('PK-02 accepts each purpose at its own place alone', () => {
    const purposes: readonly ChallengePurpose[] = ['sign-in', 'enrol', 'second-factor', 'sudo']
    const bind = (purpose: ChallengePurpose): ChallengeBinding => ({
      ...(purpose === 'sign-in' ? signIn : sudo),
      purpose,
    })
    for (const made of purposes) {
      const challenge = createChallenge(ring, bind(made), now)
      expect(purposes.filter((asked) => checkChallenge(ring, challenge, bind(asked), now).ok)).toEqual([made])
    }
  })

  it.each([
    ['another browser', { ...sudo, browserHash: sha256('another browser') }],
    ['another user', { ...sudo, userId: 'eve' }],
  ])('PK-01 refuses %s', (_, binding) => {
    const challenge = createChallenge(ring, sudo, now)
    expect(checkChallenge(ring, challenge, binding, now)).toEqual({ ok: false, reason: 'challenge-invalid' })
  })

  it('works for five minutes, to the millisecond', () => {
    const challenge = createChallenge(ring, signIn, now)
    expect(checkChallenge(ring, challenge, signIn, after(300_000 - 1)).ok).toBe(true)
    expect(checkChallenge(ring, challenge, signIn, after(300_000))).toEqual({
      ok: false,
      reason: 'challenge-expired',
    })
  })

  it('CFG-06 accepts an older key while it is listed, and fails closed after', () => {
    const challenge = createChallenge(parseKeyRing(older), sudo, now)
    expect(checkChallenge(ring, challenge, sudo, now).ok).toBe(true)
    expect(checkChallenge(parseKeyRing(newer), challenge, sudo, now).ok).toBe(false)
  })

  it('refuses every challenge that differs in one bit: the expiry cannot be moved', () => {
    const bytes = Buffer.from(createChallenge(ring, sudo, now), 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(checkChallenge(ring, encodeBase64Url(changed), sudo, now).ok).toBe(false)
    }
  })

  it('PK-17 refuses whatever comes, of any type and size', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(checkChallenge(ring, value, sudo, now).ok).toBe(false)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), (bytes) => {
        expect(checkChallenge(ring, encodeBase64Url(bytes), sudo, now).ok).toBe(false)
      }),
    )
    expect(cpuMilliseconds(() => checkChallenge(ring, 'A'.repeat(1_000_000), sudo, now))).toBeLessThan(50)
  })

  it('is told the user wherever there is one, and at sign-in none', () => {
    expect(() => createChallenge(ring, { ...sudo, userId: null }, now)).toThrow(ConfigInvalid)
    expect(() => createChallenge(ring, { ...signIn, userId: 'ada' }, now)).toThrow(ConfigInvalid)
    expect(() => checkChallenge(ring, '', { ...sudo, userId: null }, now)).toThrow(ConfigInvalid)
  })
})

describe('createChallenge', () => {
  it('holds 128 random bits, from whoever is asked for them', () => {
    const make = (): string => createChallenge(ring, signIn, now, { fillRandom: (bytes) => bytes.fill(9) })
    expect(Buffer.from(make(), 'base64url').subarray(5, 21)).toEqual(Buffer.alloc(16, 9))
    expect(createChallenge(ring, signIn, now)).not.toBe(createChallenge(ring, signIn, now))
  })

  it('lives as long as it is told to', () => {
    const challenge = createChallenge(ring, sudo, now, { lifeSeconds: 60 })
    expect(checkChallenge(ring, challenge, sudo, after(59_999)).ok).toBe(true)
    expect(checkChallenge(ring, challenge, sudo, after(60_000))).toMatchObject({
      reason: 'challenge-expired',
    })
  })

  it('tells nothing of the user: the same length for everybody', () => {
    const long = createChallenge(ring, { ...sudo, userId: 'a'.repeat(500) }, now)
    expect(long).toHaveLength(createChallenge(ring, sudo, now).length)
  })
})
