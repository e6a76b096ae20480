import { p } from '@mikro-orm/core'
import { createdAt, instant } from './columns.ts'

/**
 * The library's columns of an account at a provider that somebody signs in by: who it is there, `issuer` and `subject` say, and
 * nothing else does. The entity adds `id`, `user` (many-to-one, `deleteRule('cascade')`), the unique `['issuer', 'subject']` and
 * the index `['user']`.
 */
export const userIdentityProperties = {
  /** By the id that the app has for it. */
  provider: p.string().length(32),
  issuer: p.string().length(255),
  subject: p.string().length(255),
  /** What the provider said last. Shown to its owner, and never the address of the account. */
  email: p.string().length(254).nullable(),
  emailVerified: p.boolean().fieldName('email_verified'),
  displayName: p.string().fieldName('display_name').length(200).nullable(),
  lastUsedAt: instant('last_used_at'),
  createdAt: createdAt(),
}
