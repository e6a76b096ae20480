import { maskEmail, parseMailedToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import { findToken } from '../tokens/find-token.ts'

export interface ConfirmationPage {
  maskedEmail: string
  /** In full, in the browser that asked for the mail; `null` in any other. */
  email: string | null
  /** Whether this is the browser the account was registered in: one button is enough there. */
  sameBrowser: boolean
  /** Whether the password chosen at registration may still be tried with this link. */
  canTryPassword: boolean
}

/** What the page behind a confirmation link shows. Changes nothing: mail scanners open links. */
export const getUserByConfirmationToken = defineFlow(
  {
    name: 'getUserByConfirmationToken',
    principal: 'mail',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller, token: unknown): Promise<ConfirmationPage | null> => {
    const parsed = parseMailedToken(runtime.ring, 'confirm', token)
    const found = parsed && (await findToken(runtime, parsed, browserHashOf(caller)))
    return (
      found && {
        maskedEmail: maskEmail(found.email),
        email: found.askedHere ? found.email : null,
        sameBrowser: found.sameBrowser,
        canTryPassword: found.attempts < runtime.policy.confirmation.passwordTriesPerLink,
      }
    )
  },
)
