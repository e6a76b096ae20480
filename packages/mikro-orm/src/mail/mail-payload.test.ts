import { createSelector, createUuidV7, encodeBase64Url } from '@sigra/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeclaredArea } from '../areas/area.ts'
import { mailKinds } from './mail-kinds.ts'
import { parseMailPayload as parsePayload } from './mail-payload.ts'
import { organizations } from '../organizations/area.ts'
import { passkeys } from '../passkeys/area.ts'

const mailId = createUuidV7(new Date())
const requested = {
  mailId,
  address: 'jane@example.com',
  requestedAt: '2026-11-20T19:00:00.123456Z',
  browserHash: null,
  ip: '192.0.2.1',
  userAgent: null,
  requestId: 'r1',
}
const link = { keyId: 'k1', selector: encodeBase64Url(createSelector()) }

const parseMailPayload = (value: unknown, areas: readonly DeclaredArea[] = [{ declaration: passkeys }]) =>
  parsePayload(value, { areas })

describe('parseMailPayload', () => {
  it('knows the notices of areas that the app has, and no others: their jobs are retried', () => {
    const mail = { kind: 'passkeyAdded', mailId, address: 'jane@example.com', eventId: mailId, ...link }
    expect(parseMailPayload(mail)).toEqual(mail)
    expect(parseMailPayload(mail, [])).toBeNull()
  })

  it('reads every kind of mail back from its JSON', () => {
    const areas = [{ declaration: passkeys }, { declaration: organizations }]
    const mails = [
      {
        kind: 'organizationInvitation',
        mailId,
        address: 'jane@example.com',
        requestedAt: requested.requestedAt,
        ...link,
      },
      { kind: 'memberAdded', mailId, address: 'jane@example.com', eventId: mailId },
      { kind: 'confirmAddress', ...requested, ...link },
      { kind: 'resetPassword', ...requested, ...link },
      { kind: 'alreadyRegistered', ...requested },
      { kind: 'magicLink', ...requested, ...link, redirectTo: '/dashboard' },
      { kind: 'sudoCode', ...requested, ...link },
      { kind: 'signInBlocked', mailId, address: 'jane@example.com', eventId: mailId },
      { kind: 'passwordChanged', mailId, address: 'jane@example.com', eventId: mailId, ...link },
    ]
    for (const mail of mails) expect(parseMailPayload(JSON.parse(JSON.stringify(mail)), areas)).toEqual(mail)
  })

  it('refuses a mail that lacks a part, or has one of another shape', () => {
    const mail = { kind: 'confirmAddress', ...requested, ...link }
    for (const key of Object.keys(mail)) {
      expect(parseMailPayload({ ...mail, [key]: undefined })).toBeNull()
      expect(parseMailPayload({ ...mail, [key]: 7 })).toBeNull()
    }
    const notice = { kind: 'newSignIn', mailId, address: 'jane@example.com', eventId: mailId, ...link }
    for (const key of Object.keys(notice))
      expect(parseMailPayload({ ...notice, [key]: undefined })).toBeNull()
    const invitation = {
      kind: 'organizationInvitation',
      mailId,
      address: 'jane@example.com',
      requestedAt: requested.requestedAt,
      ...link,
    }
    const areas = [{ declaration: organizations }]
    for (const key of Object.keys(invitation))
      expect(parseMailPayload({ ...invitation, [key]: undefined }, areas)).toBeNull()
    expect(parseMailPayload({ ...mail, redirectTo: 7 })).toBeNull()
    expect(parseMailPayload({ ...mail, address: 'Jane@Example.com' })).toBeNull()
    expect(parseMailPayload({ ...mail, address: 'jane@example.com\r\nBcc: x@example.com' })).toBeNull()
    expect(parseMailPayload({ ...mail, selector: 'AAAA' })).toBeNull()
    expect(parseMailPayload({ ...mail, requestedAt: '2026-13-40T19:00:00.123456Z' })).toBeNull()
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseMailPayload(value)).toBeNull()
      }),
    )
    const shapes = fc.record({
      kind: fc.constantFrom(...mailKinds),
      mailId: fc.anything(),
    })
    fc.assert(
      fc.property(shapes, (value) => {
        expect(parseMailPayload(value)).toBeNull()
      }),
    )
  })
})
