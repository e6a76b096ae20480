const MAX_TYPED_LENGTH = 32

/**
 * Reads a code of six digits as people type it: ASCII digits, with the blanks and dashes that people, mail programs
 * and authenticator apps put between; else `null`. Digits of other scripts and full-width ones are refused.
 */
export function parseSixDigits(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > MAX_TYPED_LENGTH) return null
  const digits = value.replaceAll(/[\s\p{Pd}]/gu, '')
  return /^[0-9]{6}$/.test(digits) ? digits : null
}
