import { isLinkLike } from '../link-like.ts'
import { readLine } from '../one-line.ts'

const MAX_LENGTH = 64

/** Whatever has no width or turns the direction of what follows; but joiners, which several scripts need inside of words. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u

/**
 * Reads the name of an organization: one line of any script. `null` for nothing that can be read, for what is longer, and for
 * what would be a link in our emails: whoever makes an organization must not send others elsewhere in our name.
 */
export function parseOrganizationName(typed: unknown): string | null {
  const text = readLine(typed)
  if (text === null || text.length > MAX_LENGTH || UNSEEN.test(text) || !/[\p{L}\p{N}]/u.test(text))
    return null
  return isLinkLike(text) ? null : text
}
