import { p } from '@mikro-orm/core'
import { createdAt, instant } from './columns.ts'

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
}
