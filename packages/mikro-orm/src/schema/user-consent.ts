import { p } from '@mikro-orm/core'
import { instant } from './columns.ts'

/**
 * The library's columns of a version of a document that somebody accepted. The entity adds `id`, `user` (many-to-one,
 * `deleteRule('cascade')`) and the unique `['user', 'document', 'version']`.
 */
export const userConsentProperties = {
  /** Its name under `documents` of the policy. */
  document: p.string().length(64),
  version: p.string().length(64),
  acceptedAt: instant('accepted_at'),
}
