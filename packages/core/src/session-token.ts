import type { Brand } from './brand.ts'
import type { Bytes } from './bytes.ts'
import { sha256 } from './hash.ts'
import { systemRandom } from './random.ts'
import { createRandomToken, isRandomToken } from './random-token.ts'

/** What the browser holds. Never stored, never logged. */
export type SessionToken = Brand<string, 'SessionToken'>

/** What the database holds. A stolen table cannot be turned back into cookies. */
export type SessionTokenHash = Brand<Bytes, 'SessionTokenHash'>

/** Makes a token: 43 base64url characters. Tests pass their own `fillRandom`. */
export function createSessionToken(fillRandom = systemRandom): SessionToken {
  return createRandomToken(fillRandom) as SessionToken
}

/** Reads a cookie value; `null` for anything `createSessionToken` cannot have made. */
export function parseSessionToken(value: unknown): SessionToken | null {
  return isRandomToken(value) ? (value as SessionToken) : null
}

/** The form to store and to look up by. */
export function hashSessionToken(token: SessionToken): SessionTokenHash {
  return sha256(token) as SessionTokenHash
}
