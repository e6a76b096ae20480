import { type CanonicalEmail, parseEmail, parseMailedCode } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import type { Limited, MailSignInResult } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { withGuess } from '../limits/guess.ts'
import type { Runtime } from '../runtime.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import { chargeCodeEntry } from '../tokens/charge-code-entry.ts'
import { consumeToken } from '../tokens/consume-token.ts'
import { recordWrongMailedCode } from '../tokens/record-wrong-mailed-code.ts'
import { tryMailedCode } from '../tokens/try-mailed-code.ts'
import { repeatSignInByCode } from './repeat-sign-in-by-mail.ts'
import { signInByMail } from './sign-in-by-mail.ts'

const invalid: MailSignInResult = { ok: false, reason: 'invalid' }

/**
 * Signs in by the six digits beside a magic link, in the browser that asked for the mail and in no other. Every refusal
 * looks the same, whether the account exists or not.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const logInUserByMagicCode = defineFlow(
  {
    name: 'logInUserByMagicCode',
    principal: 'visitor',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'auth.magic_link',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { email: unknown; code: unknown },
  ): Promise<MailSignInResult | Limited> => {
    const address = parseEmail(input.email)?.canonical ?? null
    const code = parseMailedCode(input.code)
    return withGuess(runtime, async (guess) => {
      const limited = await chargeCodeEntry(runtime, caller, address, guess)
      if (limited) return limited
      const isPossible = address !== null && code !== null && runtime.policy.magicLink.enabled
      const entered = isPossible ? await tryCode(runtime, caller, address, code) : invalid
      if (!entered.ok && entered.reason === 'invalid') guess.wasWrong()
      return entered
    })
  },
)

async function tryCode(
  runtime: Runtime,
  caller: Caller,
  address: CanonicalEmail,
  code: string,
): Promise<MailSignInResult> {
  const { minutes, triesPerCode } = runtime.policy.magicLink
  const browserHash = browserHashOf(caller)
  const kind = { purpose: 'magic-link', lifeMinutes: minutes, tries: triesPerCode, only: sql`true` } as const
  return inTransaction(runtime, async (tx) => {
    const { isRight, tried } = await tryMailedCode(tx, caller, { kind, address, browserHash, code })
    const owner =
      isRight && (await consumeToken(tx, caller, tried.token, 'code', sql`t.browser_hash = ${browserHash}`))
    if (owner) return signInByMail(tx, caller, owner)
    const repeated = await repeatSignInByCode(tx, caller, { address, code })
    if (repeated) return repeated
    await recordWrongMailedCode(tx, caller, address, {
      action: 'auth.log_in_failed',
      actorId: null,
      subjectId: tried?.userId ?? null,
    })
    return invalid
  })
}
