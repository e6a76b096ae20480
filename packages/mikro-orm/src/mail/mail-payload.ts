import { parseEmail, parseSelector } from '@sigra/core'
import type { CanonicalEmail } from '@sigra/core'
import type { AreaLinkMailKind } from '../areas/area-mails.ts'
import type { DeclaredArea } from '../areas/area.ts'
import { parseLocale } from '../locale.ts'
import {
  type DisputableNoticeKind,
  type GuidanceMailKind,
  isAreaLinkMail,
  isDisputableNotice,
  isGuidanceMailKind,
  isPlainNotice,
  isTokenMailKind,
  type PlainNoticeKind,
  type TokenMailKind,
} from './mail-kinds.ts'

/** What a job of the task `sigra.mail` holds. No secret: a link is derived from key id and selector when it is sent. */
export type MailPayload = TokenMail | GuidanceMail | ChangeMail | NoticeMail | LinkMail | FarewellMail

/** A mail with a link or a code someone asked for; whether it is wanted is decided when it is sent. */
export interface TokenMail extends RequestedMail, TokenSource {
  kind: TokenMailKind
  /** Where to go after signing in by the link. Checked where it is used. */
  redirectTo?: string | null
}

/** A mail without a link that someone asked for. */
export interface GuidanceMail extends RequestedMail {
  kind: GuidanceMailKind
}

/** A link and a code for an address that nobody has yet, or somebody else: whose change it is, its token's row says. */
export interface ChangeMail extends RequestedMail, TokenSource {
  kind: 'changeEmail'
}

/** Tells the owner what has happened. Everything it says is read from the audit event. */
export type NoticeMail = PlainNotice | DisputableNotice

export interface PlainNotice {
  kind: PlainNoticeKind
  mailId: string
  address: CanonicalEmail
  eventId: string
}

/** A notice with a link "This wasn't me". */
export interface DisputableNotice extends TokenSource {
  kind: DisputableNoticeKind
  mailId: string
  address: CanonicalEmail
  eventId: string
}

/** A link of an area's, for somebody who may have no account: what it is good for, the area's row says. */
export interface LinkMail extends TokenSource {
  kind: AreaLinkMailKind
  mailId: string
  address: CanonicalEmail
  /** By the database clock, in UTC with microseconds. */
  requestedAt: string
}

/** To somebody whose account is gone. Nothing can be read of it any more, so the job says all there is to say. */
export interface FarewellMail {
  kind: 'accountDeleted'
  mailId: string
  address: CanonicalEmail
  /** As it was typed. */
  email: string
  locale: string
  /** By the database clock, in UTC with microseconds. */
  deletedAt: string
}

/** What a link and a code are derived from. */
export interface TokenSource {
  keyId: string
  /** base64url, 16 bytes. */
  selector: string
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

/** Reads a job's payload; `null` for anything the flows of an app with these areas cannot have written. */
export function parseMailPayload(
  value: unknown,
  { areas }: { areas: readonly DeclaredArea[] },
): MailPayload | null {
  if (!isRecord(value)) return null
  const kind = value['kind']
  if (isTokenMailKind(kind)) return parseTokenMail(kind, value)
  if (isGuidanceMailKind(kind)) {
    const requested = parseRequested(value)
    return requested && { kind, ...requested }
  }
  if (kind === 'changeEmail') {
    const [requested, source] = [parseRequested(value), parseSource(value)]
    return requested && source && { kind, ...requested, ...source }
  }
  if (isPlainNotice(kind, areas)) {
    const about = parseAbout(value)
    return about && { kind, ...about }
  }
  if (kind === 'accountDeleted') return parseFarewell(value)
  if (isAreaLinkMail(kind, areas)) return parseLinkMail(kind, value)
  return isDisputableNotice(kind, areas) ? parseDisputable(kind, value) : null
}

function parseTokenMail(kind: TokenMailKind, value: Record<string, unknown>): TokenMail | null {
  const requested = parseRequested(value)
  const source = parseSource(value)
  const { redirectTo = null } = value
  if (!requested || !source || !isTextOrNull(redirectTo)) return null
  return { kind, ...requested, ...source, ...(redirectTo === null ? {} : { redirectTo }) }
}

function parseDisputable(
  kind: DisputableNoticeKind,
  value: Record<string, unknown>,
): DisputableNotice | null {
  const about = parseAbout(value)
  const source = parseSource(value)
  return about && source && { kind, ...about, ...source }
}

function parseLinkMail(kind: AreaLinkMailKind, value: Record<string, unknown>): LinkMail | null {
  const { mailId, requestedAt } = value
  const [address, source] = [parseAddress(value['address']), parseSource(value)]
  if (!address || !source || !isUuid(mailId) || !isInstant(requestedAt)) return null
  return { kind, mailId, address, requestedAt, ...source }
}

function parseFarewell(value: Record<string, unknown>): FarewellMail | null {
  const { mailId, deletedAt } = value
  const [email, locale] = [parseEmail(value['email']), parseLocale(value['locale'])]
  if (!email || email.canonical !== value['address'] || locale === null) return null
  if (!isUuid(mailId) || !isInstant(deletedAt)) return null
  return { kind: 'accountDeleted', mailId, address: email.canonical, email: email.typed, locale, deletedAt }
}

function parseSource({ keyId, selector }: Record<string, unknown>): TokenSource | null {
  if (typeof keyId !== 'string' || typeof selector !== 'string') return null
  return parseSelector(selector) && { keyId, selector }
}

function parseAbout(value: Record<string, unknown>): Omit<PlainNotice, 'kind'> | null {
  const { mailId, eventId } = value
  const address = parseAddress(value['address'])
  return address && isUuid(mailId) && isUuid(eventId) ? { mailId, address, eventId } : null
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
