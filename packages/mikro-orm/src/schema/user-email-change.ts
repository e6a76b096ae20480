import { p } from '@mikro-orm/core'
import { instant } from './columns.ts'

const address = (column: string) => p.string().fieldName(column).length(254)

/** What is neither confirmed nor cancelled: a user has at most one. */
export const pendingEmailChange = 'confirmed_at is null and cancelled_at is null'

/** Typed as nothing: only the library has a use for them, and the type-check of an app pays for each. */
const untyped: object = {
  /** As typed; `email` of the user until then. */
  oldEmail: address('old_email'),
  oldEmailCanonical: address('old_email_canonical'),
  newEmail: address('new_email'),
  newEmailCanonical: address('new_email_canonical'),
  /** The person asked that the old mailbox cannot undo it. */
  oldIsDistrusted: p.boolean().fieldName('old_is_distrusted').default(false),
  /** What was added to the account since then is suspect when somebody disputes the change. */
  suspectSince: instant('suspect_since'),
  expiresAt: instant('expires_at'),
  /** By the link to the old address, where the policy asks for it. */
  approvedAt: instant('approved_at').nullable(),
  confirmedAt: instant('confirmed_at').nullable(),
  cancelledAt: instant('cancelled_at').nullable().check('confirmed_at is null or cancelled_at is null'),
  /** Until then the old address is held, and a notice sent to it restores it. */
  undoUntil: instant('undo_until').nullable(),
  undoneAt: instant('undone_at').nullable(),
}

/**
 * The library's columns of a change of address. The entity adds `id`, `user` (many-to-one, `deleteRule('cascade')`), the
 * unique `['user']` where `pendingEmailChange` holds, and the index `['user', 'requestedAt']`.
 */
export const userEmailChangeProperties = {
  requestedAt: instant('requested_at'),
  ...untyped,
}
