/** What mail clients make a link of: a scheme, a share, `www.`, an address, a domain. A full stop before a blank is none. */
const LINK = /:\/\/|\\\\|\bwww\.|\S@\S|[\p{L}\p{N}]\.\p{L}{2,}/iu

/** Whether a mail client would make a link of it. Looked at without what has no width or is an accent. */
export function isLinkLike(text: string): boolean {
  return LINK.test(text.normalize('NFKD').replaceAll(/[\p{M}\p{Cf}]/gu, ''))
}
