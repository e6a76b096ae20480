import { p } from '@mikro-orm/core'
import { createdAt, hash, instant } from './columns.ts'

/** Typed as nothing: only the library has a use for them, and the type-check of an app pays for each. */
const untyped: object = {
  /** Ids of whoever handed it over last, and to whom. */
  transferredBy: p.string().fieldName('transferred_by').length(36).nullable(),
  transferredTo: p.string().fieldName('transferred_to').length(36).nullable(),
  /** Of the link that undoes it. */
  transferHash: hash('transfer_hash').unique().nullable().check('octet_length(transfer_hash) = 32'),
  /** Of the policy: from when on members need two factors; null: never. */
  secondFactorFrom: instant('second_factor_from').nullable(),
  /** RFC 8176 names of which a session must have proven one; null: any will do. */
  allowedMethods: p.array().fieldName('allowed_methods').columnType('text[]').nullable(),
  maxSessionMinutes: p.integer().fieldName('max_session_minutes').check('max_session_minutes > 0').nullable(),
  /** How many members there may be; null: as many as want to. */
  seatLimit: p.integer().fieldName('seat_limit').check('seat_limit > 0').nullable(),
  /** Whether the app's staff may look at it in the name of a member. */
  supportAllowed: p.boolean().fieldName('support_allowed').default(true),
  /** Whether tokens of its members work in it. */
  personalTokens: p.boolean().fieldName('personal_tokens').default(true),
}

/**
 * The library's columns of an organization. Give the entity an `id` (of the kind of the user's), your own columns beside
 * them, and `personalOwner` (many-to-one to the user, nullable, unique, `deleteRule('cascade')`): whose personal one it is.
 */
export const organizationProperties = {
  name: p.string().length(64).check("name <> ''"),
  /** As it stands in paths, the same as in `organization_slugs`. */
  slug: p.string().length(48).unique(),
  /** From when on its deletion is due. Until then it is nobody's but an owner's, to restore. */
  deleteAfter: instant('delete_after').nullable(),
  /** Until when its transfer can be undone, as long as it was not. */
  transferUndoUntil: instant('transfer_undo_until').nullable(),
  createdAt: createdAt(),
  ...untyped,
}
