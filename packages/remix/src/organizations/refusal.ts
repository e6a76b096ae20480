import type { Limited } from '@sigra/mikro-orm'

/**
 * What functions of organizations refuse with, what stands between somebody and the deletion of their account
 * (`only-owner`), and what is deleted with it (`goes-along`).
 */
export type OrganizationRefusal =
  | Pick<Limited, 'reason' | 'retryAfterSeconds'>
  | { reason: 'too-many-organizations'; maxOwned: number }
  | { reason: 'too-many-addresses'; most: number }
  | { reason: 'only-owner' | 'goes-along'; names: readonly string[] }
  | { reason: 'transfer-open'; undoUntil: Date }
  | {
      reason:
        | 'bad-name'
        | 'bad-policy'
        | 'bad-slug'
        | 'full'
        | 'invalid'
        | 'last-owner'
        | 'no-addresses'
        | 'not-met'
        | 'not-ready'
        | 'not-the-slug'
        | 'other-address'
        | 'owner-already'
        | 'personal'
        | 'sent-too-often'
        | 'signed-out'
        | 'slug-taken'
        | 'unknown-invitation'
        | 'unknown-member'
        | 'unknown-role'
    }
