import { maskEmail, parseMailedToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import { findToken } from '../tokens/find-token.ts'

export interface ResetPage {
  maskedEmail: string
  /** In full, in the browser that asked for the link; `null` in any other. */
  email: string | null
}

/** Whose password a link resets, for its page to show. Changes nothing: mail scanners open links. */
export const getUserByResetPasswordToken = defineFlow(
  {
    name: 'getUserByResetPasswordToken',
    principal: 'mail',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller, token: unknown): Promise<ResetPage | null> => {
    const parsed = parseMailedToken(runtime.ring, 'reset-password', token)
    const found = parsed && (await findToken(runtime, parsed, browserHashOf(caller)))
    return found && { maskedEmail: maskEmail(found.email), email: found.askedHere ? found.email : null }
  },
)
