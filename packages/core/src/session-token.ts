import { decodeCanonical, encodeBase64Url } from './base64url.ts'
import type { Brand } from './brand.ts'
import type { Bytes } from './bytes.ts'
import { sha256 } from './hash.ts'
import { systemRandom } from './random.ts'

/** What the browser holds. Never stored, never logged. */
export type SessionToken = Brand<string, 'SessionToken'>

/** What the database holds. A stolen table cannot be turned back into cookies. */
export type SessionTokenHash = Brand<Bytes, 'SessionTokenHash'>

const TOKEN_BYTES = 32 // 256 bits: ASVS 5.0, 7.2.3 asks for 128, and a plain hash is then enough

/** Makes a token: 43 base64url characters. Tests pass their own `fillRandom`. */
export function createSessionToken(fillRandom = systemRandom): SessionToken {
  const bytes = new Uint8Array(TOKEN_BYTES)
  fillRandom(bytes)
  return encodeBase64Url(bytes) as SessionToken
}

/** Reads a cookie value; `null` for anything `createSessionToken` cannot have made. */
export function parseSessionToken(value: unknown): SessionToken | null {
  // Canonical form only: two spellings of one token would be two cache keys and one session.
  const bytes = typeof value === 'string' ? decodeCanonical(value) : null
  return bytes?.length === TOKEN_BYTES ? (value as SessionToken) : null
}

/** The form to store and to look up by. */
export function hashSessionToken(token: SessionToken): SessionTokenHash {
  return sha256(token) as SessionTokenHash
}
