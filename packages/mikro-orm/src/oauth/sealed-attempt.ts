import { type Bytes, type KeyRing, open, type ProviderAttempt, seal, sha256 } from '@sigra/core'

const PURPOSE = 'oauth-attempt'

/** What an attempt is found by. The state has 256 random bits: a plain hash is enough. */
export function hashState(state: string): Bytes {
  return sha256(state)
}

/**
 * What of an attempt stays in its row, bound to its state: copied to another row it opens nothing. No rotation seals it anew, as it
 * lives for minutes; an attempt whose key has gone is out of date.
 */
export function sealAttempt(ring: KeyRing, { state, nonce, verifier }: ProviderAttempt): string {
  return seal(ring, PURPOSE, JSON.stringify([nonce, verifier]), state)
}

/** @returns `null` for what was sealed for another state, or with a key that is gone. */
export function openAttempt(ring: KeyRing, state: string, sealed: string): ProviderAttempt | null {
  const opened = open(ring, PURPOSE, sealed, state)
  if (opened === null) return null
  const secrets: unknown = JSON.parse(new TextDecoder().decode(opened))
  if (!Array.isArray(secrets)) return null
  const [nonce, verifier]: unknown[] = secrets
  return typeof nonce === 'string' && typeof verifier === 'string' ? { state, nonce, verifier } : null
}
