import { parseEmail, parseSelector } from '@sigra/core'
import type { CanonicalEmail } from '@sigra/core'

/** What a job of the task `sigra.mail` holds. No secret: a link is derived from key id and selector when it is sent. */
export type MailPayload = TokenMail | GuidanceMail | NoticeMail

/** A mail with a link someone asked for; whether it is wanted is decided when it is sent. */
export interface TokenMail extends RequestedMail {
  kind: 'confirmAddress' | 'resetPassword'
  keyId: string
  /** base64url, 16 bytes. */
  selector: string
}

/** A mail without a link that someone asked for. */
export interface GuidanceMail extends RequestedMail {
  kind: 'alreadyRegistered'
}

/** Tells the owner what has happened. Everything it says is read from the audit event. */
export interface NoticeMail {
  kind: 'passwordChanged' | 'addressConfirmed' | 'signInBlocked'
  mailId: string
  address: CanonicalEmail
  eventId: string
}

/** What a mail keeps of the request that asked for it. */
export interface RequestedMail {
  mailId: string
  address: CanonicalEmail
  /** By the database clock, in UTC with microseconds: every life counts from here. */
  requestedAt: string
  /** base64url, or `null` when the browser held no stable id. */
  browserHash: string | null
  ip: string | null
  userAgent: string | null
  requestId: string
}

/** The one task that sends mail. */
export const MAIL_TASK = 'sigra.mail'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/

/** Reads a job's payload; `null` for anything the flows cannot have written. */
export function parseMailPayload(value: unknown): MailPayload | null {
  if (!isRecord(value)) return null
  const kind = value['kind']
  if (kind === 'confirmAddress' || kind === 'resetPassword') return parseTokenMail(kind, value)
  if (kind === 'alreadyRegistered') {
    const requested = parseRequested(value)
    return requested && { kind, ...requested }
  }
  if (kind === 'passwordChanged' || kind === 'addressConfirmed' || kind === 'signInBlocked') {
    return parseNotice(kind, value)
  }
  return null
}

function parseTokenMail(kind: TokenMail['kind'], value: Record<string, unknown>): TokenMail | null {
  const requested = parseRequested(value)
  const { keyId, selector } = value
  if (!requested || typeof keyId !== 'string' || typeof selector !== 'string') return null
  return parseSelector(selector) && { kind, ...requested, keyId, selector }
}

function parseNotice(kind: NoticeMail['kind'], value: Record<string, unknown>): NoticeMail | null {
  const { mailId, eventId } = value
  const address = parseAddress(value['address'])
  return address && isUuid(mailId) && isUuid(eventId) ? { kind, mailId, address, eventId } : null
}

function parseRequested(value: Record<string, unknown>): RequestedMail | null {
  const { mailId, requestedAt, requestId, browserHash, ip, userAgent } = value
  const address = parseAddress(value['address'])
  if (!address || !isUuid(mailId) || !isInstant(requestedAt) || typeof requestId !== 'string') return null
  if (!isTextOrNull(browserHash) || !isTextOrNull(ip) || !isTextOrNull(userAgent)) return null
  return { mailId, address, requestedAt, browserHash, ip, userAgent, requestId }
}

function parseAddress(value: unknown): CanonicalEmail | null {
  const email = parseEmail(value)
  return email && email.canonical === value ? email.canonical : null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value)
}

function isInstant(value: unknown): value is string {
  return typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value))
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}
