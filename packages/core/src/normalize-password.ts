import { encodeUtf8 } from './bytes.ts'

/** What a password may measure before anything looks at it: contract §1, and far below what a body may hold. */
export const PASSWORD_LIMITS = { bytes: 1024, codePoints: 256 }

/**
 * The form of a password that is checked, hashed and verified: Unicode NFC, so that `é` typed on two keyboards is
 * one password. Never trimmed, never cut.
 *
 * @returns `null` for what cannot be a password: not a string, a lone surrogate, NUL, or too long to be hashed.
 */
export function normalizePassword(text: unknown): string | null {
  return isReadablePassword(text) && !isTooLong(text) ? text.normalize('NFC') : null
}

/** Whether text survives the way to UTF-8 and through C strings unchanged. */
export function isReadablePassword(text: unknown): text is string {
  return typeof text === 'string' && text.isWellFormed() && !text.includes('\0')
}

/** Length first: a megabyte is refused before it is copied, normalised or hashed. */
export function isTooLong(text: string): boolean {
  if (text.length > PASSWORD_LIMITS.bytes * 3) return true // NFC shortens no text more than that
  const normalized = text.normalize('NFC')
  return (
    countCodePoints(normalized) > PASSWORD_LIMITS.codePoints ||
    encodeUtf8(normalized).length > PASSWORD_LIMITS.bytes
  )
}

export function countCodePoints(text: string): number {
  return Array.from(text).length
}
