import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64Url } from '../base64url.ts'
import { ConfigInvalid } from '../errors.ts'
import { sha256 } from '../hash.ts'
import { createRootSecret, parseKeyRing } from '../key-ring.ts'
import { type CeremonyChanges, createSoftwarePasskey } from '../testing/index.ts'
import { createUserHandle } from './create-options.ts'
import {
  answerAuthentication,
  answerEnrolment,
  authenticate,
  checkAuthentication,
  createEnrolled,
  type Enrolled,
  issueChallenge,
  now,
  userHandle,
} from './testing-only/ceremony.ts'

const enrolled = await createEnrolled()
const refused = async (changes: CeremonyChanges, of: Enrolled = enrolled): Promise<unknown> => {
  const result = await authenticate(of, changes)
  return result.ok ? 'accepted' : result.reason
}
const after = (milliseconds: number): Date => new Date(now.getTime() + milliseconds)
const store = ({ passkey, stored }: Enrolled, changes: Partial<Enrolled['stored']>): Enrolled => {
  return { passkey, stored: { ...stored, ...changes } }
}

describe('verifyAuthentication', () => {
  it.each([-7, -8, -257] as const)('accepts a passkey of algorithm %i', async (algorithm) => {
    expect(await authenticate(await createEnrolled({ algorithm }))).toMatchObject({
      ok: true,
      use: { counter: 0, backedUp: true, userVerified: true },
      spent: { expiresAt: after(300_000) },
    })
  })

  it.each([
    ['another site', 'https://evil.test'],
    ['http', 'http://app.test'],
    ['a subdomain', 'https://login.app.test'],
    ['another port', 'https://app.test:444'],
    ['a slash', 'https://app.test/'],
    ['null', 'null'],
  ])('PK-04 refuses an origin that is %s', async (_, origin) => {
    expect(await refused({ origin })).toBe('wrong-origin')
  })

  it('PK-05 refuses the hash of another RP id', async () => {
    expect(await refused({ rpId: 'evil.test' })).toBe('wrong-rp')
  })

  it.each([
    ['crossOrigin', { crossOrigin: true }],
    ['topOrigin', { topOrigin: 'https://evil.test' }],
    ['topOrigin of our own', { topOrigin: 'https://app.test' }],
    ['both', { crossOrigin: true, topOrigin: 'https://evil.test' }],
  ])('PK-06 refuses %s', async (_, changes) => {
    expect(await refused(changes)).toBe('cross-origin')
  })

  it.each(['webauthn.create', 'payment.get', 'webauthn.GET', null])(
    'PK-07 refuses the type %j',
    async (type) => {
      expect(await refused({ type: type ?? 'null' })).toBe('wrong-type')
    },
  )

  it('PK-07 refuses what an enrolment posts', async () => {
    const json = await answerEnrolment(createSoftwarePasskey())
    expect(await checkAuthentication(json, enrolled)).toEqual({ ok: false, reason: 'malformed' })
  })

  it.each(['sign-in', 'sudo'] as const)(
    'PK-08 refuses a passkey that does not know its owner for %s',
    async (purpose) => {
      const json = await answerAuthentication(enrolled, { userVerified: false }, issueChallenge(purpose))
      const userId = purpose === 'sign-in' ? null : 'ada'
      expect(await checkAuthentication(json, enrolled, { purpose, userId })).toEqual({
        ok: false,
        reason: 'not-verified',
      })
    },
  )

  it('PK-08 says of a second factor whether it is more than possession', async () => {
    const use = async (userVerified: boolean): Promise<unknown> => {
      const json = await answerAuthentication(enrolled, { userVerified }, issueChallenge('second-factor'))
      return checkAuthentication(json, enrolled, { purpose: 'second-factor', userId: 'ada' })
    }
    expect(await use(false)).toMatchObject({ ok: true, use: { userVerified: false } })
    expect(await use(true)).toMatchObject({ ok: true, use: { userVerified: true } })
  })

  it('refuses an authenticator nobody touched', async () => {
    expect(await refused({ userPresent: false })).toBe('not-present')
  })

  it('PK-02 accepts the challenge of each purpose at its own place alone', async () => {
    const purposes = ['sign-in', 'second-factor', 'sudo'] as const
    for (const made of purposes) {
      const json = await answerAuthentication(enrolled, {}, issueChallenge(made))
      const accepting = await Promise.all(
        purposes.map(async (purpose) => {
          const userId = purpose === 'sign-in' ? null : 'ada'
          return (await checkAuthentication(json, enrolled, { purpose, userId })).ok
        }),
      )
      expect(accepting).toEqual(purposes.map((purpose) => purpose === made))
    }
  })

  it.each([
    ['another browser', { browserHash: sha256('another browser') }],
    ['another app', { ring: parseKeyRing(createRootSecret()) }],
  ])('PK-02 refuses the challenge of %s', async (_, input) => {
    const json = await answerAuthentication(enrolled)
    expect(await checkAuthentication(json, enrolled, input)).toEqual({
      ok: false,
      reason: 'challenge-invalid',
    })
  })

  it('PK-01 names one challenge by one hash, however often it is sent', async () => {
    const challenge = issueChallenge()
    const [first, second] = [
      await checkAuthentication(await answerAuthentication(enrolled, {}, challenge), enrolled),
      await checkAuthentication(await answerAuthentication(enrolled, {}, challenge), enrolled),
    ]
    expect(first.ok && second.ok && first.spent).toEqual(second.ok && second.spent)
  })

  it('takes five minutes, to the millisecond', async () => {
    const json = await answerAuthentication(enrolled)
    expect((await checkAuthentication(json, enrolled, { now: after(299_999) })).ok).toBe(true)
    expect(await checkAuthentication(json, enrolled, { now: after(300_000) })).toEqual({
      ok: false,
      reason: 'challenge-expired',
    })
  })

  it('PK-10 refuses a user handle that is missing or of another user', async () => {
    expect(await refused({ userHandle: null })).toBe('wrong-owner')
    expect(await refused({ userHandle: createUserHandle() })).toBe('wrong-owner')
    expect(await refused({ userHandle: userHandle.subarray(1) })).toBe('wrong-owner')
  })

  it("PK-10 refuses another user's passkey for the one who is asked", async () => {
    const eves = store(enrolled, { userId: 'eve' })
    const json = await answerAuthentication(eves, {}, issueChallenge('sudo'))
    const asked = { purpose: 'sudo', userId: 'ada' } as const
    expect(await checkAuthentication(json, eves, asked)).toEqual({ ok: false, reason: 'wrong-owner' })
    expect((await checkAuthentication(json, enrolled, asked)).ok).toBe(true)
  })

  it('refuses a passkey nobody has, and the row of another one', async () => {
    const json = await answerAuthentication(enrolled)
    const unknown = { ok: false, reason: 'unknown-passkey' }
    expect(await checkAuthentication(json, enrolled, { passkey: null })).toEqual(unknown)
    expect(await checkAuthentication(json, await createEnrolled())).toEqual(unknown)
  })

  it('refuses the signature of another key under the same id', async () => {
    const copy = createSoftwarePasskey({ credentialId: enrolled.passkey.credentialId })
    expect(await refused({ userHandle }, { passkey: copy, stored: enrolled.stored })).toBe('wrong-signature')
  })

  it.each([-7, -8, -257] as const)(
    'refuses a signature of algorithm %i that was changed',
    async (algorithm) => {
      const other = await createEnrolled({ algorithm })
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 8, max: 30 }),
          fc.integer({ min: 1, max: 255 }),
          async (at, flip) => {
            const signature: CeremonyChanges['signature'] = (bytes) =>
              bytes.map((byte, index) => (index === at ? byte ^ flip : byte))
            expect(await refused({ signature }, other)).toBe('wrong-signature')
          },
        ),
        { numRuns: 40 },
      )
    },
  )

  it('refuses data that was changed after it was signed', async () => {
    const json = await answerAuthentication(enrolled, { counter: 5 })
    const bytes = Buffer.from(json.response.authenticatorData, 'base64url')
    bytes.writeUInt32BE(9, 33)
    const response = { ...json.response, authenticatorData: encodeBase64Url(bytes) }
    expect(await checkAuthentication({ ...json, response }, enrolled)).toEqual({
      ok: false,
      reason: 'wrong-signature',
    })
  })

  it('refuses a stored key that cannot be read', async () => {
    const json = await answerAuthentication(enrolled)
    const broken = store(enrolled, { publicKey: new Uint8Array(77) })
    expect(await checkAuthentication(json, broken)).toEqual({ ok: false, reason: 'wrong-signature' })
  })

  it('is told the user wherever there is one, and at sign-in none', async () => {
    const json = await answerAuthentication(enrolled)
    await expect(checkAuthentication(json, enrolled, { userId: 'ada' })).rejects.toThrow(ConfigInvalid)
  })
})

describe('the signature counter', async () => {
  const counted = await createEnrolled({ counts: true, synced: false })

  it.each([
    [0, 0, 'accepted'],
    [0, 1, 'accepted'],
    [7, 8, 'accepted'],
    [7, 4_294_967_295, 'accepted'],
    [7, 7, 'counter-regressed'],
    [7, 6, 'counter-regressed'],
    [7, 0, 'counter-regressed'],
    [4_294_967_295, 0, 'counter-regressed'],
  ])('PK-09 stored %i, sent %i: %s', async (stored, counter, expected) => {
    expect(await refused({ counter }, store(counted, { counter: stored }))).toBe(expected)
  })

  it('PK-09 says of which challenge, so that an answer that came twice raises no alarm', async () => {
    const regressed = await checkAuthentication(
      await answerAuthentication(counted, { counter: 7 }),
      store(counted, { counter: 7 }),
    )
    expect(regressed).toMatchObject({ ok: false, spent: { hash: expect.any(Uint8Array) } })
  })

  it('PK-09 gives what to store next', async () => {
    expect(await authenticate(counted, { counter: 41 })).toMatchObject({ ok: true, use: { counter: 41 } })
  })

  it('PK-09 raises no alarm for somebody without the key', async () => {
    const noise: CeremonyChanges = { counter: 1, signature: (bytes) => bytes.map(() => 0x30) }
    expect(await refused(noise, store(counted, { counter: 7 }))).toBe('wrong-signature')
  })
})

describe('the backup flags', () => {
  it('refuses a passkey whose kind has changed since it was enrolled', async () => {
    expect(await refused({ backupEligible: false, backedUp: false })).toBe('backup-inconsistent')
    const bound = await createEnrolled({ synced: false })
    expect(await refused({ backupEligible: true }, bound)).toBe('backup-inconsistent')
    expect(await refused({ backedUp: true }, bound)).toBe('backup-inconsistent')
  })

  it('says whether a passkey that can be backed up is', async () => {
    expect(await authenticate(enrolled, { backedUp: false })).toMatchObject({
      ok: true,
      use: { backedUp: false },
    })
    expect(await authenticate(enrolled, { backedUp: true })).toMatchObject({
      ok: true,
      use: { backedUp: true },
    })
  })
})

describe('verifyAuthentication of hostile bytes', () => {
  const withField = async (field: string, bytes: Uint8Array): Promise<unknown> => {
    const json = await answerAuthentication(enrolled)
    return { ...json, response: { ...json.response, [field]: encodeBase64Url(bytes) } }
  }

  it.each(['authenticatorData', 'signature', 'clientDataJSON', 'userHandle'])(
    'PK-17 refuses random bytes as %s without a throw',
    async (field) => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
          expect((await checkAuthentication(await withField(field, bytes), enrolled)).ok).toBe(false)
        }),
        { numRuns: 100 },
      )
    },
  )

  it.each([0x81, 0xa1, 0xc1, 0x9f, 0xff])(
    'PK-17 refuses extensions of 8,000 bytes %i in less than 100 ms',
    async (byte) => {
      const head = Buffer.alloc(37)
      head.set(sha256('app.test'))
      head.writeUInt8(0x9d, 32) // all honest flags, and extensions
      const json = await withField('authenticatorData', Buffer.concat([head, Buffer.alloc(8000, byte)]))
      const before = process.cpuUsage()
      expect(await checkAuthentication(json, enrolled)).toEqual({ ok: false, reason: 'malformed' })
      const { user, system } = process.cpuUsage(before)
      expect((user + system) / 1000).toBeLessThan(100)
    },
  )

  it('PK-17 refuses a signature of 8,000 bytes in less than 100 ms', async () => {
    const json = await withField('signature', Buffer.alloc(8000, 0x30))
    const before = process.cpuUsage()
    expect(await checkAuthentication(json, enrolled)).toEqual({ ok: false, reason: 'wrong-signature' })
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(100)
  })
})
