import { p } from '@mikro-orm/core'
import { createdAt, instant } from './columns.ts'

/** Typed as nothing: see `organization.ts`. */
const untyped: object = {
  /** The role before a transfer, or whom it made an owner, made this member an owner; null for everybody else. */
  roleBefore: p.string().fieldName('role_before').length(32).nullable(),
}

/**
 * The library's columns of a membership. The entity adds `id`, `organization` and `user` (many-to-one,
 * `deleteRule('cascade')`), the unique `['user', 'organization']` and the index `['organization', 'id']`; the migration the
 * trigger of `organizationOwnerSql`.
 */
export const organizationMembershipProperties = {
  /** One of the app's roles. One that the app no longer has may nothing. */
  role: p.string().length(32),
  /** When its owner last chose this organization: the one they come back to. */
  lastUsedAt: instant('last_used_at').nullable(),
  createdAt: createdAt(),
  ...untyped,
}
