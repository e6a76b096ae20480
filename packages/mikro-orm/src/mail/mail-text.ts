import { isLinkLike } from '../link-like.ts'

const MAX_CHARACTERS = 64
const MAX_LENGTH = 256 // in UTF-16 units: one character can be any number of them

// Line breaks, escapes, direction marks and other things nobody sees, but for what joins emoji and Persian letters.
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d\u{e0020}-\u{e007f}])\p{Cf}/gu

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * Text of the host's column as it may stand in a mail: one line of at most 64 characters. `null` where nothing is left,
 * and where a mail client would make a link of it: whoever wrote it may not be who reads it.
 */
export function toMailText(text: string): string | null {
  const line = text
    .slice(0, MAX_LENGTH * 4)
    .normalize('NFC')
    .replaceAll(UNSEEN, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim()
  if (isLinkLike(line)) return null
  const kept = cut(line)
  return kept.replaceAll(/\p{Cf}/gu, '') === '' ? null : kept
}

function cut(line: string): string {
  let kept = ''
  let count = 0
  for (const { segment } of characters.segment(line)) {
    if (count === MAX_CHARACTERS || kept.length + segment.length > MAX_LENGTH) return `${kept.trimEnd()}…`
    kept += segment
    count += 1
  }
  return kept
}
