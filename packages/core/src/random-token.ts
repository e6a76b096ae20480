import { decodeCanonical, encodeBase64Url } from './base64url.ts'
import { systemRandom } from './random.ts'

const TOKEN_BYTES = 32 // 256 bits: ASVS 5.0, 7.2.3 asks for 128, and a plain hash is then enough

/** Makes a token nobody guesses: 43 base64url characters. Tests pass their own `fillRandom`. */
export function createRandomToken(fillRandom = systemRandom): string {
  const bytes = new Uint8Array(TOKEN_BYTES)
  fillRandom(bytes)
  return encodeBase64Url(bytes)
}

/** Whether `createRandomToken` can have made a value. */
export function isRandomToken(value: unknown): value is string {
  // Canonical form only: two spellings of one token would be two cache keys and one session.
  return typeof value === 'string' && decodeCanonical(value)?.length === TOKEN_BYTES
}
