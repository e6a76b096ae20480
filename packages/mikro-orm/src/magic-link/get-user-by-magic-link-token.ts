import { maskEmail, parseMailedToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { findToken } from '../tokens/find-token.ts'

/** What the page behind a magic link says before anybody presses its button. */
export interface MagicLinkPage {
  maskedEmail: string
  /** Somebody else is signed in here: going on switches the account. */
  switchesFrom: string | null
}

/**
 * Whom a magic link signs in. Changes nothing: mail scanners open links.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const getUserByMagicLinkToken = defineFlow(
  {
    name: 'getUserByMagicLinkToken',
    principal: 'mail',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller, token: unknown): Promise<MagicLinkPage | null> => {
    if (!runtime.policy.magicLink.enabled) return null
    const parsed = parseMailedToken(runtime.ring, 'magic-link', token)
    const found = parsed && (await findToken(runtime, parsed))
    if (!found) return null
    const isOther = caller.session?.awaiting === null && caller.session.userId !== found.userId
    return {
      maskedEmail: maskEmail(found.email),
      switchesFrom: isOther && caller.session ? maskEmail(caller.session.user.email) : null,
    }
  },
)
