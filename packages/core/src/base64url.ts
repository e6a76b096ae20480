import type { Bytes } from './bytes.ts'

/** RFC 4648 §5 without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')
}

/**
 * Reads base64url in its one canonical spelling; `null` for padding, white space, the standard alphabet, or
 * bits set beyond the last byte. `Buffer` reads all of these, so its answer counts only when it spells the
 * same text again.
 */
export function decodeCanonical(text: string): Bytes | null {
  const bytes = new Uint8Array(Buffer.from(text, 'base64url'))
  return encodeBase64Url(bytes) === text ? bytes : null
}
