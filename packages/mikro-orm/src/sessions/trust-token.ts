import {
  type Brand,
  type Bytes,
  createMac,
  createRandomToken,
  encodeBase64Url,
  isRandomToken,
  type KeyRing,
  sha256,
  systemRandom,
} from '@sigra/core'

/**
 * What a trusted browser holds for one account. It skips the second factor there, never the first, and rotates: every
 * value of one trust begins with the same half, its family, by which one that was replaced long ago is still known.
 */
export type TrustToken = Brand<string, 'TrustToken'>

const HALF_LENGTH = 43 // `createRandomToken` makes that many characters

/** Begins a trust. Tests pass their own `fillRandom`. */
export function createTrustToken(fillRandom = systemRandom): TrustToken {
  return `${createRandomToken(fillRandom)}${createRandomToken(fillRandom)}` as TrustToken
}

/**
 * The value after this one. Of two requests that carry the same value both get the same next one, in whatever order
 * their answers arrive; who holds no key cannot tell it.
 */
export function succeedTrustToken(ring: KeyRing, token: TrustToken): TrustToken {
  return `${familyOf(token)}${encodeBase64Url(createMac(ring, 'trusted-browser', token))}` as TrustToken
}

/** Reads a cookie that holds one token per trusted account; what is no token is left out. */
export function parseTrustTokens(value: string | null, most: number): readonly TrustToken[] {
  return (value ?? '').split('.', most).filter(isTrustToken)
}

/** The form the database holds. */
export function hashTrustToken(token: TrustToken): Bytes {
  return sha256(token)
}

/** The same, of what all values of one trust have in common. */
export function hashTrustFamily(token: TrustToken): Bytes {
  return sha256(familyOf(token))
}

function familyOf(token: string): string {
  return token.slice(0, HALF_LENGTH)
}

function isTrustToken(text: string): text is TrustToken {
  return isRandomToken(familyOf(text)) && isRandomToken(text.slice(HALF_LENGTH))
}
