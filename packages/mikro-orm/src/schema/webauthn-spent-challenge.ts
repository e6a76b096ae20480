import { p } from '@mikro-orm/core'
import { instant } from './columns.ts'

/** A challenge that was answered, `challengeHash` being the key: a second insert fails, so it works once. */
export const webauthnSpentChallengeProperties = {
  challengeHash: p.blob().fieldName('challenge_hash').primary().check('octet_length(challenge_hash) = 32'),
  /** The challenge itself is refused from here on. The sweep takes the row an hour later. */
  expiresAt: instant('expires_at').index(),
}
