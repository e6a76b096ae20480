/**
 * Makes text safe for a log line, a terminal and an audit row: line breaks, escape sequences, bidirectional and
 * invisible characters and lone surrogates become `\uXXXX`. Text that was made safe stays as it is.
 *
 * @param maxLength In UTF-16 units, of the result; what was cut off is marked by `…`.
 */
export function sanitizeText(text: string, maxLength: number): string {
  let safe = ''
  for (const character of text) {
    const next = UNSAFE.test(character) ? escapeUnits(character) : character
    if (safe.length + next.length > maxLength) return cut(safe, maxLength)
    safe += next
  }
  return safe
}

const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`
  }).join('')
}

function cut(safe: string, maxLength: number): string {
  if (maxLength < 1) return ''
  const characters = Array.from(safe)
  while (characters.join('').length > maxLength - 1) characters.pop()
  return `${characters.join('')}…`
}
