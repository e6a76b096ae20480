import { p } from '@mikro-orm/core'
import { counter, createdAt, hash, instant } from './columns.ts'

/**
 * Columns for areas to come, always there. Typed as nothing: an app has no use for them before, and the type-check of an app
 * pays for each.
 */
const roomForAreas: object = {
  /** The organization somebody is at work in. Text, for both kinds of ids, and no foreign key: its table is an area's. */
  activeOrganizationId: p.string().fieldName('active_organization_id').length(36).nullable(),
  /** Until when an impersonated session may change anything; null: it may only look. Other sessions have none. */
  writeUntil: instant('write_until').nullable(),
}

/**
 * The library's columns of a session. The entity adds `id`, `user` (many-to-one, `deleteRule('cascade')`), the
 * index `['user', 'lastSeenAt']` and `impersonatorSession` (many-to-one to itself, nullable, `deleteRule('cascade')`, with
 * an index): the session of whoever acts as this user, which is parked meanwhile. Such a row is nobody's session in an app
 * whose areas do not know of it.
 */
export const userSessionProperties = {
  tokenHash: hash('token_hash').unique().check('octet_length(token_hash) = 32'),
  /** What a pending sign-in waits for; null is a full session. */
  awaiting: p
    .string()
    .length(32)
    .check("awaiting in ('second-factor', 'enrolment', 'password-change', 'reactivation', 'consent')")
    .nullable(),
  attempts: counter('attempts').hidden(),
  /** NIST SP 800-63B-4 assurance level: 1 or 2. */
  aal: p.smallint().default(1),
  /** RFC 8176 method names of what was proven. */
  amr: p.array().columnType('text[]'),
  authenticatedAt: instant('authenticated_at'),
  sudoAt: instant('sudo_at').nullable(),
  /** How sudo was given. `recovery`: by a backup code beside the password, good only for replacing a lost factor. */
  sudoMethod: p
    .string()
    .fieldName('sudo_method')
    .length(16)
    .check("sudo_method in ('password', 'second-factor', 'passkey', 'email', 'recovery')")
    .nullable(),
  remembered: p.boolean().default(false),
  lastSeenAt: instant('last_seen_at'),
  expiresAt: instant('expires_at').index(),
  /** When its first token came back from the browser; null: the answer that held it may have been lost. */
  presentedAt: instant('presented_at').nullable(),
  ip: p.string().length(64).nullable(),
  userAgent: p.string().fieldName('user_agent').length(512).nullable(),
  /** Hash of the browser's stable id, as in the known browsers. */
  browserId: hash('browser_id').nullable(),
  createdAt: createdAt(),
  ...roomForAreas,
}
