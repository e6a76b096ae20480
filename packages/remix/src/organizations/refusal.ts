import type { Busy, Limited } from '@sigra/mikro-orm'

/**
 * What functions of organizations refuse with, what stands between somebody and the deletion of their account
 * (`only-owner`), what is deleted with it (`goes-along`), and what “This wasn’t me” gives back (`comes-back`).
 */
export type OrganizationRefusal =
  | Pick<Limited | Busy, 'reason' | 'retryAfterSeconds'>
  | { reason: 'other-domain'; domains: readonly string[] }
  | { reason: 'too-many-organizations'; maxOwned: number }
  | { reason: 'too-many-addresses' | 'too-many-domains'; most: number }
  | { reason: 'only-owner' | 'goes-along' | 'comes-back'; names: readonly string[] }
  | { reason: 'transfer-open'; undoUntil: Date }
  | {
      reason:
        | 'bad-domain'
        | 'bad-name'
        | 'bad-policy'
        | 'bad-slug'
        | 'disabled'
        | 'full'
        | 'invalid'
        | 'last-owner'
        | 'log-in-first'
        | 'no-addresses'
        | 'no-offer'
        | 'not-met'
        | 'not-ready'
        | 'not-the-slug'
        | 'other-address'
        | 'owner-already'
        | 'personal'
        | 'public-domain'
        | 'registration-closed'
        | 'sent-too-often'
        | 'signed-out'
        | 'slug-taken'
        | 'unknown-domain'
        | 'unknown-invitation'
        | 'unknown-member'
        | 'unknown-role'
    }
