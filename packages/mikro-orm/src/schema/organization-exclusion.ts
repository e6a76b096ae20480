import { instant } from './columns.ts'

/**
 * The library's columns of somebody who was removed, and whom a proven domain does not bring back. The entity adds `id`,
 * `organization` and `user` (many-to-one, `deleteRule('cascade')`) and the unique `['user', 'organization']`.
 */
export const organizationExclusionProperties = {
  excludedAt: instant('excluded_at').defaultRaw('current_timestamp'),
}
