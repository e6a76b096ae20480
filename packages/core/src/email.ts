import { domainToASCII, domainToUnicode } from 'node:url'
import type { Brand } from './brand.ts'

/** Who an address is: what `users.email_canonical` holds and what is compared. */
export type CanonicalEmail = Brand<string, 'CanonicalEmail'>

export interface EmailAddress {
  /** As the person wrote it, without blanks around it: what is shown and what mail goes to. */
  readonly typed: string
  readonly canonical: CanonicalEmail
}

/**
 * What addresses of deleted accounts end in: no mail reaches it (RFC 2606). We make them, so nobody else can have one: they
 * are read as no address at all.
 */
export const DELETED_DOMAIN = 'deleted.invalid'

const MAX_ADDRESS_LENGTH = 254 // RFC 5321 §4.5.3.1.3: a path is 256 with its angle brackets
const MAX_LOCAL_LENGTH = 64
const MAX_DOMAIN_LENGTH = 253
const DOT_ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/ // RFC 5322 §3.2.3
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * Reads an address; `null` for anything mail could not reach or two programs might read differently: quoted or
 * non-ASCII local parts, address literals, one-label domains, comments, a trailing dot; and for that of a deleted account.
 *
 * The canonical form lower-cases ASCII letters and writes the domain as A-labels. Nothing else folds: `K` (U+212A)
 * and `İ` have no lower case here, and `jane+shop@` is another person than `jane@`.
 */
export function parseEmail(value: unknown): EmailAddress | null {
  if (typeof value !== 'string' || value.length > 2 * MAX_ADDRESS_LENGTH) return null
  const typed = value.trim()
  const at = typed.lastIndexOf('@')
  const local = typed.slice(0, Math.max(at, 0))
  const domain = canonicalDomain(typed.slice(at + 1))
  if (local.length > MAX_LOCAL_LENGTH || !DOT_ATOM.test(local) || domain === null) return null
  const canonical = `${local.toLowerCase()}@${domain}` // ASCII by now: no language has a say in it
  if (canonical.length > MAX_ADDRESS_LENGTH) return null
  return {
    typed: `${local}@${shownDomain(typed.slice(at + 1), domain)}`,
    canonical: canonical as CanonicalEmail,
  }
}

/** `jane@example.com` → `j•••@example.com`: enough to recognise one's own address, too little to learn another's. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@')
  if (at < 1) return '•••'
  const [first = ''] = address
  return `${first}•••${address.slice(at)}`
}

function canonicalDomain(domain: string): string | null {
  // What is ASCII must be a host name already: the URL parser behind domainToASCII also reads `%65`, `0x7f.1`, `[::1]`.
  if (!/^[A-Za-z0-9.\-\u0080-\u{10ffff}]+$/u.test(domain)) return null
  const ascii = domainToASCII(domain)
  return isHostName(ascii) && ascii !== DELETED_DOMAIN ? ascii : null
}

function isHostName(domain: string): boolean {
  const labels = domain.split('.')
  const last = labels.at(-1) ?? ''
  return (
    domain.length <= MAX_DOMAIN_LENGTH &&
    labels.length >= 2 &&
    labels.every((label) => LABEL.test(label)) &&
    /[a-z]/.test(last) // a number at the end is an IPv4 address (RFC 3696 §2)
  )
}

/** Full-width letters, soft hyphens and the like reach a mail program already mapped: it must not map them its own way. */
function shownDomain(typed: string, ascii: string): string {
  return isAscii(typed) ? typed : domainToUnicode(ascii)
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text)
}
