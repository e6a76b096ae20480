import { isLinkLike } from '../link-like.ts'

const MAX_LENGTH = 64

/** Whatever has no width or turns the direction of what follows; but joiners, which several scripts need inside of words. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u

/**
 * Reads the name of an organization: one line of any script. `null` for nothing that can be read, for what is longer, and for
 * what would be a link in our emails: whoever makes an organization must not send others elsewhere in our name.
 */
export function parseOrganizationName(typed: unknown): string | null {
  if (typeof typed !== 'string' || typed.length > 1024) return null
  const text = typed.normalize('NFC').replaceAll(/\s+/gu, ' ').trim()
  if (text.length > MAX_LENGTH || UNSEEN.test(text) || !/[\p{L}\p{N}]/u.test(text)) return null
  return isLinkLike(text) ? null : text
}
