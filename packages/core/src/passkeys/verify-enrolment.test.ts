import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64Url } from '../base64url.ts'
import { sha256 } from '../hash.ts'
import { createRootSecret, parseKeyRing } from '../key-ring.ts'
import { type CeremonyChanges, createSoftwarePasskey } from '../testing/index.ts'
import {
  answerAuthentication,
  answerEnrolment,
  checkEnrolment,
  createEnrolled,
  enrol,
  issueChallenge,
  now,
  relyingParty,
} from './testing-only/ceremony.ts'

const passkey = createSoftwarePasskey()
const refused = async (changes: CeremonyChanges): Promise<unknown> => {
  const result = await enrol(passkey, changes)
  return result.ok ? 'accepted' : result.reason
}
const after = (milliseconds: number): Date => new Date(now.getTime() + milliseconds)

describe('verifyEnrolment', () => {
  it.each([-7, -8, -257] as const)('accepts a passkey of algorithm %i', async (algorithm) => {
    const made = createSoftwarePasskey({ algorithm, aaguid: 'd548826e-79b4-db40-a3d8-11116f7e8349' })
    const result = await enrol(made)
    expect(result).toMatchObject({
      ok: true,
      passkey: {
        credentialId: made.credentialId,
        counter: 0,
        aaguid: 'd548826e-79b4-db40-a3d8-11116f7e8349',
        transports: ['hybrid', 'internal'],
        backupEligible: true,
        backedUp: true,
      },
      spent: { expiresAt: after(300_000) },
    })
  })

  it('keeps what kind of passkey it is: bound to its device, with a counter', async () => {
    const result = await enrol(createSoftwarePasskey({ synced: false }), { counter: 7 })
    expect(result).toMatchObject({
      ok: true,
      passkey: { counter: 7, backupEligible: false, backedUp: false },
    })
  })

  it.each([
    ['another site', 'https://evil.test'],
    ['http', 'http://app.test'],
    ['a subdomain', 'https://login.app.test'],
    ['another port', 'https://app.test:444'],
    ['a slash', 'https://app.test/'],
    ['upper case', 'https://APP.test'],
    ['null', 'null'],
    ['a list with the right one', ['https://app.test']],
  ])('PK-04 refuses an origin that is %s', async (_, origin) => {
    expect(await refused({ origin })).toBe('wrong-origin')
  })

  it('PK-05 refuses the hash of another RP id', async () => {
    expect(await refused({ rpId: 'login.app.test' })).toBe('wrong-rp')
  })

  it.each([
    ['crossOrigin', { crossOrigin: true }],
    ['crossOrigin that is no boolean', { crossOrigin: 'false' }],
    ['topOrigin', { topOrigin: 'https://evil.test' }],
    ['topOrigin of our own', { topOrigin: 'https://app.test' }],
    ['both', { crossOrigin: true, topOrigin: 'https://evil.test' }],
  ])('PK-06 refuses %s', async (_, changes) => {
    expect(await refused(changes)).toBe('cross-origin')
  })

  it.each(['webauthn.get', 'payment.get', 'webauthn.Create', '', 7])(
    'PK-07 refuses the type %j',
    async (type) => {
      expect(await refused({ type })).toBe('wrong-type')
    },
  )

  it('PK-08 refuses a passkey that does not know its owner, or was made without anybody there', async () => {
    expect(await refused({ userVerified: false })).toBe('not-verified')
    expect(await refused({ userPresent: false })).toBe('not-present')
  })

  it.each(['sign-in', 'second-factor', 'sudo'] as const)(
    'PK-02 refuses a challenge for %s',
    async (purpose) => {
      expect(await refused({ challenge: issueChallenge(purpose) })).toBe('challenge-invalid')
    },
  )

  it.each([
    ['another browser', { browserHash: sha256('another browser') }],
    ['another user', { userId: 'eve' }],
    ['another app', { ring: parseKeyRing(createRootSecret()) }],
  ])('PK-02 refuses the challenge of %s', async (_, input) => {
    const result = await checkEnrolment(await answerEnrolment(passkey), input)
    expect(result).toEqual({ ok: false, reason: 'challenge-invalid' })
  })

  it('takes five minutes, to the millisecond', async () => {
    const json = await answerEnrolment(passkey)
    expect((await checkEnrolment(json, { now: after(299_999) })).ok).toBe(true)
    expect(await checkEnrolment(json, { now: after(300_000) })).toEqual({
      ok: false,
      reason: 'challenge-expired',
    })
  })

  it('refuses a backed-up passkey of a kind that never is', async () => {
    expect(await refused({ backupEligible: false, backedUp: true })).toBe('backup-inconsistent')
  })

  it('PK-11 refuses an id that is not the one the authenticator names', async () => {
    const json = await answerEnrolment(passkey)
    const id = encodeBase64Url(new Uint8Array(32).fill(1))
    expect(await checkEnrolment({ ...json, id, rawId: id })).toEqual({ ok: false, reason: 'malformed' })
  })

  it.each([0, 15, 1024, 4000])('PK-11 refuses a credential id of %i bytes', async (length) => {
    expect(await refused({ credentialId: new Uint8Array(length) })).toBe('malformed')
  })

  it('PK-11 refuses an ML-DSA-44 key of 1,322 bytes, which Node may know and was not offered', async () => {
    const mlDsa = new Map<number, number | Uint8Array>([
      [1, 7],
      [3, -48],
      [-1, new Uint8Array(1312)],
    ])
    expect(await refused({ publicKey: mlDsa })).toBe('algorithm-not-offered')
  })

  it.each([
    ['ES384', [2, -35, 2, 48]],
    ['ES256K', [2, -47, 8, 32]],
    ['PS256', [3, -37, 1, 32]],
    ['RS1', [3, -65_535, 1, 32]],
  ] as const)('PK-11 refuses %s', async (_, [kty, alg, crv, length]) => {
    const key = new Map<number, number | Uint8Array>([
      [1, kty],
      [3, alg],
      [-1, crv],
      [-2, new Uint8Array(length)],
      [-3, new Uint8Array(length)],
    ])
    expect(await refused({ publicKey: key })).toBe('algorithm-not-offered')
  })

  const x = new Uint8Array(32).fill(5)
  const n = new Uint8Array(256).fill(0xff)
  const e = Uint8Array.of(1, 0, 1)
  it.each<[string, [number, number | string | Uint8Array][]]>([
    [
      'a point off the curve',
      [
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, x],
        [-3, x],
      ],
    ],
    [
      'a compressed point',
      [
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, x],
      ],
    ],
    [
      'ES256 on P-384',
      [
        [1, 2],
        [3, -7],
        [-1, 2],
        [-2, x],
        [-3, x],
      ],
    ],
    [
      'ES256 of an Ed25519 key',
      [
        [1, 1],
        [3, -7],
        [-1, 6],
        [-2, x],
      ],
    ],
    [
      'EdDSA on X25519',
      [
        [1, 1],
        [3, -8],
        [-1, 4],
        [-2, x],
      ],
    ],
    [
      'Ed25519 of 31 bytes',
      [
        [1, 1],
        [3, -8],
        [-1, 6],
        [-2, x.subarray(1)],
      ],
    ],
    [
      'names in place of numbers',
      [
        [1, 'OKP'],
        [3, -8],
        [-1, 'Ed25519'],
        [-2, x],
      ],
    ],
    [
      'a further parameter',
      [
        [1, 1],
        [3, -8],
        [-1, 6],
        [-2, x],
        [4, 1],
      ],
    ],
    [
      'RSA of 1,024 bits',
      [
        [1, 3],
        [3, -257],
        [-1, n.subarray(128)],
        [-2, e],
      ],
    ],
    [
      'RSA of 8,192 bits',
      [
        [1, 3],
        [3, -257],
        [-1, new Uint8Array(1024).fill(0xff)],
        [-2, e],
      ],
    ],
    [
      'RSA under which everybody can sign',
      [
        [1, 3],
        [3, -257],
        [-1, n],
        [-2, Uint8Array.of(0, 0, 1)],
      ],
    ],
  ])('PK-11 refuses %s as public key', async (_, entries) => {
    expect(await refused({ publicKey: new Map(entries) })).toBe('malformed')
  })

  it.each<[string, CeremonyChanges['publicKey']]>([
    ['null', null],
    ['a number', 7],
    ['text', 'key'],
    ['a list', [1, 2]],
    ['bytes', new Uint8Array(77)],
    ['an empty map', new Map()],
  ])('PK-17 refuses %s as public key', async (_, publicKey) => {
    expect(await refused({ publicKey })).toMatch(/^(malformed|algorithm-not-offered)$/)
  })

  it('looks at no attestation: its certificates would name addresses for this server to fetch', async () => {
    const statement = new Map<string, Uint8Array<ArrayBuffer> | Uint8Array<ArrayBuffer>[]>([
      ['sig', new Uint8Array(70)],
      ['x5c', [new Uint8Array(600)]],
    ])
    expect(await refused({ attestation: { format: 'packed', statement } })).toBe('accepted')
    expect(await refused({ attestation: { format: 'a format of tomorrow', statement } })).toBe('accepted')
  })

  it('PK-07 refuses what a sign-in posts', async () => {
    const json = await answerAuthentication(await createEnrolled())
    expect(await checkEnrolment(json)).toEqual({ ok: false, reason: 'malformed' })
  })
})

describe('verifyEnrolment of hostile bytes', () => {
  const withAttestation = async (bytes: Uint8Array): Promise<unknown> => {
    const json = await answerEnrolment(passkey)
    return { ...json, response: { ...json.response, attestationObject: encodeBase64Url(bytes) } }
  }
  const answerIn = async (json: unknown): Promise<{ result: unknown; milliseconds: number }> => {
    const before = process.cpuUsage()
    const result = await checkEnrolment(json)
    const { user, system } = process.cpuUsage(before)
    return { result, milliseconds: (user + system) / 1000 }
  }

  it.each([
    ['no JSON', 'type=webauthn.create'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '7'],
    ['broken UTF-8', '"\ud800'],
    ['deep nesting', '['.repeat(6000)],
    ['a prototype', '{"__proto__":{"type":"webauthn.create","crossOrigin":false}}'],
  ])('PK-17 refuses client data with %s', async (_, clientDataJson) => {
    expect(await refused({ clientDataJson })).toMatch(/malformed|wrong-type/)
  })

  it('PK-06 reads the last of repeated keys, as the library does', async () => {
    const head = `"type":"webauthn.create","challenge":"x","origin":"${relyingParty.origin}"`
    expect(await refused({ clientDataJson: `{${head},"crossOrigin":false,"crossOrigin":true}` })).toBe(
      'cross-origin',
    )
    expect(await refused({ clientDataJson: `{${head},"origin":"https://evil.test"}` })).toBe('wrong-origin')
  })

  it.each([
    ['nested lists to the end', new Uint8Array(8000).fill(0x81)],
    ['nested maps to the end', new Uint8Array(8000).fill(0xa1)],
    ['nested tags to the end', new Uint8Array(8000).fill(0xc1)],
    ['a list that says it has 2^32 parts', Uint8Array.of(0x9a, 0xff, 0xff, 0xff, 0xff)],
    ['a map that says it has 2^53 parts', Uint8Array.of(0xbb, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ['text that says it has 2^64 bytes', Uint8Array.of(0x7b, 255, 255, 255, 255, 255, 255, 255, 255)],
    ['one byte', Uint8Array.of(0xa0)],
    ['a break', new Uint8Array(100).fill(0xff)],
  ])('PK-17 refuses CBOR of %s in less than 100 ms', async (_, bytes) => {
    await enrol(passkey) // the first one also loads the library
    const { result, milliseconds } = await answerIn(await withAttestation(bytes))
    expect(result).toEqual({ ok: false, reason: 'malformed' })
    expect(milliseconds).toBeLessThan(100)
  })

  it('PK-17 refuses a key that the parser reads and cannot read again', async () => {
    const key = Uint8Array.of(0xa1, 0x62, 0xc3, 0xa9, 0x01) // { "é": 1 }, spelt again with the length of "é" in UTF-16
    const headBytes = 37 + 16 + 2 + 32
    const authenticatorData: CeremonyChanges['authenticatorData'] = (bytes) =>
      new Uint8Array([...bytes.subarray(0, headBytes), ...key])
    expect(await refused({ authenticatorData })).toBe('malformed')
  })

  it('PK-17 refuses random CBOR without a throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        expect(await checkEnrolment(await withAttestation(bytes))).toEqual({ ok: false, reason: 'malformed' })
      }),
      { numRuns: 200 },
    )
  })

  it('PK-17 survives any change to the authenticator data', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(200), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const result = await enrol(passkey, {
          authenticatorData: (bytes) => bytes.map((byte, index) => (index === at ? byte ^ flip : byte)),
        })
        expect(result.ok ? 'accepted' : result.reason).toMatch(/^[a-z-]+$/)
      }),
      { numRuns: 300 },
    )
  })

  it('PK-17 refuses bytes behind the end and a cut before it', async () => {
    expect(await refused({ authenticatorData: (bytes) => new Uint8Array([...bytes, 0]) })).toBe('malformed')
    for (const length of [0, 36, 37, 54, 60, 100]) {
      expect(await refused({ authenticatorData: (bytes) => bytes.slice(0, length) })).toBe('malformed')
    }
  })
})
