/**
 * What was proven, by RFC 8176 names: `pwd`, `otp` (authenticator app), `pop` (possession of a key) and `user` (the
 * device itself verified its user). Ours are `email` (a mailed link or code) and `backup` (a backup code).
 */
export type ProofMethod = 'pwd' | 'email' | 'otp' | 'backup' | 'pop' | 'user'

/** What was proven, and which level that is. */
export interface Proven {
  readonly amr: readonly ProofMethod[]
  readonly aal: 1 | 2
}
