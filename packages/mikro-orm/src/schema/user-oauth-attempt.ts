import { p } from '@mikro-orm/core'
import { createdAt, hash, instant } from './columns.ts'

/**
 * The library's columns of an attempt to log in by a provider, from the press of the button to the answer. The entity adds `id`
 * and the index `['browserHash']`. Nobody is known yet whom it could belong to.
 */
export const userOauthAttemptProperties = {
  /** SHA-256 of the state, which alone leaves the app. */
  stateHash: hash('state_hash').unique().check('octet_length(state_hash) = 32'),
  /** The browser that began: no other finishes. */
  browserHash: hash('browser_hash').check('octet_length(browser_hash) = 32'),
  provider: p.string().length(32),
  /** `taken`: an answer is being looked at, or came to nothing. */
  step: p.string().length(16).check("step in ('started', 'taken', 'done')"),
  redirectTo: p.string().fieldName('redirect_to').length(2048).nullable(),
  remembered: p.boolean(),
  /** Nonce and verifier, bound to the state. Null once the attempt is taken. */
  sealedSecrets: p.text().fieldName('sealed_secrets').nullable().hidden(),
  expiresAt: instant('expires_at').index(),
  createdAt: createdAt(),
}
