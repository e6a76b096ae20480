import { isLinkLike } from '../link-like.ts'

const MAX_CHARACTERS = 64
const MAX_LENGTH = 256 // in UTF-16 units: one character can be any number of them

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu // line breaks, escapes, direction marks and the like

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * Text of the host's column as it may stand in a mail: one line of at most 64 characters. `null` where nothing is left,
 * and where a mail client would make a link of it: whoever wrote it may not be who reads it.
 */
export function toMailText(text: string): string | null {
  const line = text
    .slice(0, MAX_LENGTH * 4)
    .normalize('NFC')
    .replaceAll(UNSEEN, (each) => (isJoiner(each) ? each : ' '))
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

/** What emoji and Persian letters are put together with. */
function isJoiner(character: string): boolean {
  const point = character.codePointAt(0) ?? 0
  return point === 0x200c || point === 0x200d || (point >= 0xe0020 && point <= 0xe007f)
}
