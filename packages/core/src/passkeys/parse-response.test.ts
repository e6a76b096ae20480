import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSoftwarePasskey } from '../testing/index.ts'
import { cpuMilliseconds } from '../testing-only/cpu-time.ts'
import { parseAuthenticationResponse, parseEnrolmentResponse } from './parse-response.ts'
import { answerAuthentication, answerEnrolment, createEnrolled } from './testing-only/ceremony.ts'

const enrolled = await createEnrolled()
const authentication = await answerAuthentication(enrolled)
const enrolment = await answerEnrolment(createSoftwarePasskey())
const withId = (bytes: number): unknown => {
  const id = Buffer.alloc(bytes, 1).toString('base64url')
  return { ...authentication, id, rawId: id }
}
const withField = (field: string, value: unknown): unknown => {
  return { ...authentication, response: { ...authentication.response, [field]: value } }
}

describe('parseEnrolmentResponse', () => {
  it('reads what a browser posts, as text or parsed', () => {
    expect(parseEnrolmentResponse(enrolment)).toMatchObject({ transports: ['hybrid', 'internal'] })
    expect(parseEnrolmentResponse(JSON.stringify(enrolment))).toEqual(parseEnrolmentResponse(enrolment))
  })

  it.each([
    ['unknown ones', ['internal', 'x', 7, null, ['usb']], ['internal']],
    ['repeated ones', ['usb', 'usb', 'nfc'], ['nfc', 'usb']],
    ['no list', 'internal', []],
    ['none', undefined, []],
    ['a million', Array.from({ length: 1_000_000 }, () => 'usb'), ['usb']],
  ])('keeps of transports what has a known name: %s', (_, transports, kept) => {
    const response = { ...enrolment.response, transports }
    expect(parseEnrolmentResponse({ ...enrolment, response })?.transports).toEqual(kept)
  })

  it('PK-07 is no reader for a sign-in, and the other way round', () => {
    expect(parseEnrolmentResponse(authentication)).toBeNull()
    expect(parseAuthenticationResponse(enrolment)).toBeNull()
  })
})

describe('parseAuthenticationResponse', () => {
  it('reads what a browser posts, as text or parsed', () => {
    const parsed = parseAuthenticationResponse(authentication)
    expect(parsed?.credentialId).toEqual(enrolled.passkey.credentialId)
    expect(parsed?.userHandle).toEqual(enrolled.stored.userHandle)
    expect(parseAuthenticationResponse(JSON.stringify(authentication))).toEqual(parsed)
  })

  it.each([undefined, null, ''])('reads a missing user handle (%j) as none', (handle) => {
    expect(parseAuthenticationResponse(withField('userHandle', handle))?.userHandle).toBeNull()
  })

  it('PK-11 takes credential ids of 16 to 1,023 bytes', () => {
    expect(
      [15, 16, 1023, 1024].map((length) => parseAuthenticationResponse(withId(length)) !== null),
    ).toEqual([false, true, true, false])
  })

  it.each([
    ['an id that is not its raw id', { ...authentication, rawId: `${authentication.id}A` }],
    ['a missing id', { ...authentication, id: undefined, rawId: undefined }],
    ['another type', { ...authentication, type: 'password' }],
    ['no response', { ...authentication, response: null }],
    ['a list as response', { ...authentication, response: [] }],
    ['padding', withField('signature', `${authentication.response.signature}=`)],
    ['the standard alphabet', withField('signature', '+/+/')],
    ['an empty signature', withField('signature', '')],
    ['a number as signature', withField('signature', 7)],
    ['a text object', withField('signature', Object('AAAA'))],
    ['a user handle of 65 bytes', withField('userHandle', Buffer.alloc(65).toString('base64url'))],
    ['a user handle that is a list', withField('userHandle', [])],
    ['client data of 8,193 bytes', withField('clientDataJSON', Buffer.alloc(8193).toString('base64url'))],
    ['broken JSON', JSON.stringify(authentication).slice(1)],
    ['a list', [authentication]],
  ])('PK-17 refuses %s', (_, value) => {
    expect(parseAuthenticationResponse(value)).toBeNull()
  })

  it('PK-17 takes nothing from a prototype', () => {
    const text = JSON.stringify(authentication)
    expect(parseAuthenticationResponse(`{"__proto__":${text}}`)).toBeNull()
    expect(parseAuthenticationResponse(`{"constructor":${text},"prototype":${text}}`)).toBeNull()
  })

  it('PK-17 refuses whatever comes without a throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything({ withNullPrototype: true }), fc.json()), (value) => {
        expect(parseAuthenticationResponse(value)).toBeNull()
        expect(parseEnrolmentResponse(value)).toBeNull()
      }),
    )
  })

  it.each([
    ['a megabyte of text', 'A'.repeat(1_000_000)],
    ['an honest answer among blanks', JSON.stringify(authentication) + ' '.repeat(32_768)],
    ['deep nesting', '['.repeat(32_000)],
    ['deep nesting that closes', `${'['.repeat(16_000)}${']'.repeat(16_000)}`],
    ['an id of a megabyte', { ...authentication, id: 'A'.repeat(1e6), rawId: 'A'.repeat(1e6) }],
    ['a megabyte of signature', withField('signature', 'A'.repeat(1_000_000))],
  ])('INJ-14 refuses %s at once', (_, value) => {
    expect(cpuMilliseconds(() => parseAuthenticationResponse(value))).toBeLessThan(50)
    expect(parseAuthenticationResponse(value)).toBeNull()
  })
})
