import { createPrivateKey, sign } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { encodeBase64Url } from '../base64url.ts'
import { sha256 } from '../hash.ts'
import { checkPublicKey } from './check-public-key.ts'
import { createUserHandle } from './create-options.ts'
import { loadWebAuthn } from './load-webauthn.ts'
import { STAND_IN_PUBLIC_KEY } from './stand-in-key.ts'
import { answerAuthentication, checkAuthentication, createEnrolled } from './testing-only/ceremony.ts'

const enrolled = await createEnrolled()
const other = await createEnrolled()
const { stored } = enrolled

describe('the stand-in key', () => {
  afterEach(() => vi.restoreAllMocks())

  it.each([
    ['nobody has', 'unknown-passkey', null],
    ['another row names', 'unknown-passkey', other.stored],
    ['somebody else has', 'wrong-owner', { ...stored, userHandle: createUserHandle() }],
    ['exists, under another key', 'wrong-signature', { ...stored, publicKey: other.stored.publicKey }],
  ])('ENUM-11 makes an answer by an id that %s cost one verification', async (_, reason, passkey) => {
    const json = await answerAuthentication(enrolled)
    const verify = vi.spyOn(crypto.subtle, 'verify')
    expect(await checkAuthentication(json, enrolled, { passkey })).toEqual({ ok: false, reason })
    expect(verify).toHaveBeenCalledOnce()
  })

  it('ENUM-11 is one that verification works with, to the end', async () => {
    expect(checkPublicKey(await loadWebAuthn(), STAND_IN_PUBLIC_KEY)).toBeNull()
    const json = await answerAuthentication(enrolled)
    const asIfStored = { ...stored, publicKey: STAND_IN_PUBLIC_KEY }
    expect(await checkAuthentication(signByStandIn(json), enrolled, { passkey: asIfStored })).toMatchObject({
      ok: true,
    })
  })

  it('lets nobody in, though its private half is published', async () => {
    const json = signByStandIn(await answerAuthentication(enrolled))
    const unknown = { ok: false, reason: 'unknown-passkey' }
    expect(await checkAuthentication(json, enrolled, { passkey: null })).toEqual(unknown)
    expect(await checkAuthentication(json, enrolled, { passkey: other.stored })).toEqual(unknown)
    expect(await checkAuthentication(json, enrolled)).toEqual({ ok: false, reason: 'wrong-signature' })
  })
})

type Answer = Awaited<ReturnType<typeof answerAuthentication>>

function signByStandIn(json: Answer): Answer {
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  const hex = (text: string) => encodeBase64Url(Buffer.from(text, 'hex'))
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: encodeBase64Url(STAND_IN_PUBLIC_KEY.subarray(10, 42)),
      y: encodeBase64Url(STAND_IN_PUBLIC_KEY.subarray(45, 77)),
      d: hex('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721'), // RFC 6979 §A.2.5
    },
  })
  const { authenticatorData, clientDataJSON } = json.response
  const data = Buffer.concat([bytes(authenticatorData), sha256(bytes(clientDataJSON))])
  return { ...json, response: { ...json.response, signature: encodeBase64Url(sign('sha256', data, key)) } }
}
