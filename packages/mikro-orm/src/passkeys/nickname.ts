import { sanitizeText } from '@sigra/core'
import { isLinkLike } from '../link-like.ts'

const MAX_NICKNAME_LENGTH = 64

/**
 * What somebody calls a passkey: one line, shown on pages and in mails. `null` for nothing that can be read, and for
 * what would be a link in our mails: whoever got into an account must not send its owner elsewhere in our name.
 */
export function parseNickname(typed: unknown): string | null {
  if (typeof typed !== 'string' || typed.length > 1024) return null
  const text = sanitizeText(typed.normalize('NFC').replaceAll(/\s+/gu, ' ').trim(), MAX_NICKNAME_LENGTH)
  return text === '' || isLinkLike(text) ? null : text
}
