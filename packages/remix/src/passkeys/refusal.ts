import type { Limited } from '@sigra/mikro-orm'

/** What functions of passkeys refuse with, and `parseJson` before them. */
export type PasskeyRefusal =
  | Pick<Limited, 'reason' | 'retryAfterSeconds'>
  | { reason: 'too-many'; maxPasskeys: number }
  | {
      reason:
        | 'already-registered'
        | 'bad-name'
        | 'disabled'
        | 'expired'
        | 'invalid-passkey'
        | 'last-way'
        | 'session-ended'
        | 'sudo-required'
        | 'unconfirmed'
        | 'unknown'
        | 'unreadable'
    }
