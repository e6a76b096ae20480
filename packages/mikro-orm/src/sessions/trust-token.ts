import { type Brand, type Bytes, createRandomToken, isRandomToken, sha256, systemRandom } from '@sigra/core'

/** What a trusted browser holds for one account. It skips the second factor there, never the first, and rotates. */
export type TrustToken = Brand<string, 'TrustToken'>

/** Makes a token: 43 base64url characters. Tests pass their own `fillRandom`. */
export function createTrustToken(fillRandom = systemRandom): TrustToken {
  return createRandomToken(fillRandom) as TrustToken
}

/** Reads a cookie that holds one token per trusted account; what is no token is left out. */
export function parseTrustTokens(value: string | null, most: number): readonly TrustToken[] {
  return (value ?? '').split('.', most).filter(isTrustToken)
}

/** The form the database holds. */
export function hashTrustToken(token: TrustToken): Bytes {
  return sha256(token)
}

function isTrustToken(text: string): text is TrustToken {
  return isRandomToken(text)
}
