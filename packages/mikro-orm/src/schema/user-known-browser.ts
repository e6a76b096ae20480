import { counter, createdAt, hash, instant } from './columns.ts'

/**
 * The library's columns of a browser that signed in before. The entity adds `id`, `user` (many-to-one,
 * `deleteRule('cascade')`) and the unique `['user', 'browserHash']`.
 */
export const userKnownBrowserProperties = {
  browserHash: hash('browser_hash').check('octet_length(browser_hash) = 32'),
  trustedUntil: instant('trusted_until').nullable(),
  trustHash: hash('trust_hash').nullable(),
  /** What all values of this trust have in common: whoever shows one that was replaced long ago holds a copy. */
  trustFamilyHash: hash('trust_family_hash').nullable(),
  /** The value before, and when another took its place: for a minute it counts, a log-in may be pressed twice. */
  formerTrustHash: hash('former_trust_hash').nullable(),
  trustRotatedAt: instant('trust_rotated_at').nullable(),
  credentialFingerprint: hash('credential_fingerprint').nullable(),
  /** When somebody who logged in by password here was offered a passkey: once is enough. */
  passkeyOfferedAt: instant('passkey_offered_at').nullable(),
  /** Failed passwords from this browser, apart from those of unknown ones. */
  failedPasswordCount: counter('failed_password_count').hidden(),
  lastSeenAt: instant('last_seen_at'),
  createdAt: createdAt(),
}
