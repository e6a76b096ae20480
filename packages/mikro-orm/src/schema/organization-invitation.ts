import { p } from '@mikro-orm/core'
import { createdAt, hash, instant } from './columns.ts'

/** What nobody has answered or taken back. It may have expired. */
export const openInvitation = 'accepted_at is null and revoked_at is null and declined_at is null'

/** Typed as nothing: see `organization.ts`. */
const untyped: object = {
  keyId: p.string().fieldName('key_id').length(64),
  selector: p.blob().unique().check('octet_length(selector) = 16').hidden(),
  tokenHash: hash('token_hash').check('octet_length(token_hash) = 32'),
  /** How often it was mailed. Each time ends the link before. */
  sends: p.smallint().default(1),
  revokedAt: instant('revoked_at').nullable(),
  declinedAt: instant('declined_at').nullable(),
}

/**
 * The library's columns of an invitation. The entity adds `id`, `organization` (many-to-one, `deleteRule('cascade')`),
 * `invitedBy` and `acceptedBy` (many-to-one to the user, nullable, `deleteRule('set null')`), the unique
 * `['organization', 'emailCanonical']` where `openInvitation` holds, and the index `['emailCanonical']`.
 */
export const organizationInvitationProperties = {
  email: p.string().length(254),
  emailCanonical: p.string().fieldName('email_canonical').length(254),
  role: p.string().length(32),
  expiresAt: instant('expires_at'),
  acceptedAt: instant('accepted_at').nullable(),
  createdAt: createdAt(),
  ...untyped,
}
