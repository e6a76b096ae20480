import { p } from '@mikro-orm/core'
import { instant } from './columns.ts'

/** A challenge that was answered, `challengeHash` being the key: a second insert fails, so it works once. */
export const webauthnSpentChallengeProperties = {
  challengeHash: p.blob().fieldName('challenge_hash').primary().check('octet_length(challenge_hash) = 32'),
  /** Swept after this: the challenge itself is refused by then. */
  expiresAt: instant('expires_at').index(),
}
