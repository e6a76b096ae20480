import { sanitizeText } from '@sigra/core'
import { isLinkLike } from '../link-like.ts'
import { readLine } from '../one-line.ts'

const MAX_NICKNAME_LENGTH = 64

/**
 * What somebody calls a passkey: one line, shown on pages and in mails. `null` for nothing that can be read, and for
 * what would be a link in our mails: whoever got into an account must not send its owner elsewhere in our name.
 */
export function parseNickname(typed: unknown): string | null {
  const text = sanitizeText(readLine(typed) ?? '', MAX_NICKNAME_LENGTH)
  return text === '' || isLinkLike(text) ? null : text
}
