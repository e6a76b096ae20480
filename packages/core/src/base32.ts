import type { Bytes } from './bytes.ts'

/** RFC 4648 §6, what authenticator apps read. */
export const RFC4648_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const BITS_PER_CHARACTER = 5

/** RFC 4648 §6 without padding. A string of 5 × n bytes gives 8 × n characters and loses nothing. */
export function encodeBase32(bytes: Uint8Array, alphabet = RFC4648_ALPHABET): string {
  let text = ''
  let pending = 0
  let bits = 0
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xfff // at most four bits wait for the next byte
    for (bits += 8; bits >= BITS_PER_CHARACTER; bits -= BITS_PER_CHARACTER) {
      text += alphabet.charAt((pending >> (bits - BITS_PER_CHARACTER)) & 0x1f)
    }
  }
  return bits > 0 ? text + alphabet.charAt((pending << (BITS_PER_CHARACTER - bits)) & 0x1f) : text
}

/** Reads base32 in its one canonical spelling; `null` for lower case, padding, blanks, or bits beyond the last byte. */
export function decodeBase32(text: string, alphabet = RFC4648_ALPHABET): Bytes | null {
  const bytes: number[] = []
  let pending = 0
  let bits = 0
  for (const character of text) {
    const value = alphabet.indexOf(character)
    if (value < 0) return null
    pending = ((pending << BITS_PER_CHARACTER) | value) & 0xfff
    bits += BITS_PER_CHARACTER
    if (bits >= 8) bytes.push((pending >> (bits -= 8)) & 0xff)
  }
  const decoded = Uint8Array.from(bytes)
  return encodeBase32(decoded, alphabet) === text ? decoded : null
}
