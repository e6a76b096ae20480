import { p } from '@mikro-orm/core'
import { counter, createdAt, hash, instant } from './columns.ts'

/**
 * The library's columns of a mailed token. The entity adds `id`, `user` (many-to-one, `deleteRule('cascade')`), the
 * unique `['purpose', 'tokenHash']` and the index `['user', 'purpose']`.
 */
export const userTokenProperties = {
  /** What the token is for: `confirm`, `reset-password`, `magic-link` … */
  purpose: p.string().length(32),
  keyId: p.string().fieldName('key_id').length(64),
  selector: p.blob().unique().check('octet_length(selector) = 16').hidden(),
  tokenHash: hash('token_hash').check('octet_length(token_hash) = 32'),
  /** Canonical address the mail went to. A condition of the consuming update. */
  sentTo: p.string().fieldName('sent_to').length(254),
  redirectTo: p.string().fieldName('redirect_to').length(2048).nullable(),
  /** The browser that asked. Binds the code, proves nothing else. */
  browserHash: hash('browser_hash').nullable(),
  /** Every life counts from here. */
  requestedAt: instant('requested_at'),
  /** Tries reserved: codes typed, passwords typed beside a confirmation link. */
  attempts: counter('attempts').hidden(),
  expiresAt: instant('expires_at').index(),
  usedAt: instant('used_at').nullable(),
  /** The browser that used it, and by which form: a success is repeated to these alone. */
  usedBrowserHash: hash('used_browser_hash').nullable(),
  usedForm: p.string().fieldName('used_form').length(16).nullable(),
  /** How often the success was answered again. */
  repeatCount: counter('repeat_count').hidden(),
  /** The session that using it made, by its id. */
  sessionId: p.string().fieldName('session_id').length(36).nullable(),
  supersededAt: instant('superseded_at').nullable(),
  /** The event a notice is about, where the token came in one. */
  eventId: p.uuid().fieldName('event_id').nullable(),
  createdAt: createdAt(),
}
