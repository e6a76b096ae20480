/**
 * What was proven, by RFC 8176 names: `pwd`, `otp` (authenticator app), `pop` (possession of a key) and `user` (the
 * device itself verified its user). Ours are `email` (a mailed link or code), `backup` (a backup code), `fed` (another party
 * vouches for somebody) and `fed-mfa` (and for two factors that it saw).
 */
export type ProofMethod = 'pwd' | 'email' | 'otp' | 'backup' | 'pop' | 'user' | 'fed' | 'fed-mfa'

/** What was proven, and which level that is. */
export interface Proven {
  readonly amr: readonly ProofMethod[]
  readonly aal: 1 | 2
}
