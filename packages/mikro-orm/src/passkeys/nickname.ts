import { sanitizeText } from '@sigra/core'

const MAX_NICKNAME_LENGTH = 64

/** What mail clients make a link of: a scheme, a share, `www.`, an address, a domain. A full stop before a blank is none. */
const LINK = /:\/\/|\\\\|\bwww\.|\S@\S|[\p{L}\p{N}]\.\p{L}{2,}/iu

/**
 * What somebody calls a passkey: one line, shown on pages and in mails. `null` for nothing that can be read, and for
 * what would be a link in our mails: whoever got into an account must not send its owner elsewhere in our name.
 */
export function parseNickname(typed: unknown): string | null {
  if (typeof typed !== 'string' || typed.length > 1024) return null
  const text = sanitizeText(typed.normalize('NFC').replaceAll(/\s+/gu, ' ').trim(), MAX_NICKNAME_LENGTH)
  return text === '' || isLinkLike(text) ? null : text
}

/** Looked at without width and accents, which a domain may be written with as well. */
function isLinkLike(text: string): boolean {
  return LINK.test(text.normalize('NFKD').replaceAll(/\p{M}/gu, ''))
}
