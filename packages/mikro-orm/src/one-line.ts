const MOST_TYPED = 1024

/** What was typed into a field of one line: composed, and each run of blanks one. `null` for no text, and for far too much. */
export function readLine(typed: unknown): string | null {
  if (typeof typed !== 'string' || typed.length > MOST_TYPED) return null
  return typed.normalize('NFC').replaceAll(/\s+/gu, ' ').trim()
}
