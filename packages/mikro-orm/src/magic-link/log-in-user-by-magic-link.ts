import { parseMailedToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { inTransaction } from '../database/transaction.ts'
import type { Limited, MailSignInResult } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { chargeMailedLink } from '../limits/charge-mailed-link.ts'
import type { Runtime } from '../runtime.ts'
import { consumeToken } from '../tokens/consume-token.ts'
import { recordTokenRefusal } from '../tokens/record-token-refusal.ts'
import { repeatSignInByLink } from './repeat-sign-in-by-mail.ts'
import { signInByMail } from './sign-in-by-mail.ts'

/**
 * Signs in whoever holds the link of a mail, in whatever browser they open it. The link works once, for ten minutes, and
 * ends at the door like every way in: a second factor is still asked for.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const logInUserByMagicLink = defineFlow(
  {
    name: 'logInUserByMagicLink',
    principal: 'mail',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'auth.magic_link',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { token: unknown },
  ): Promise<MailSignInResult | Limited> => {
    const token = parseMailedToken(runtime.ring, 'magic-link', input.token)
    if (!token || !runtime.policy.magicLink.enabled) return { ok: false, reason: 'invalid' }
    const limited = await chargeMailedLink(runtime, caller)
    if (limited) return limited
    const result = await inTransaction(runtime, async (tx) => {
      const owner = await consumeToken(tx, caller, token, 'link')
      return owner ? signInByMail(tx, caller, owner) : repeatSignInByLink(tx, caller, token)
    })
    if (result) return result
    await recordTokenRefusal(runtime, caller, 'auth.log_in_failed', token)
    return { ok: false, reason: 'invalid' }
  },
)
