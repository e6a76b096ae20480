import {
  type Bytes,
  type CanonicalEmail,
  type MailedTokenText,
  parseEmail,
  parseMailedCode,
} from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import type { Confirmed, ConfirmedDisabled, Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { withGuess } from '../limits/guess.ts'
import type { Runtime } from '../runtime.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import { type ConsumedToken, consumeToken } from '../tokens/consume-token.ts'
import { recordWrongMailedCode } from '../tokens/record-wrong-mailed-code.ts'
import { chargeCodeEntry } from '../tokens/charge-code-entry.ts'
import { type CodeTry, confirmationCode } from '../tokens/reserve-code-try.ts'
import { repeatCodeUse } from '../tokens/repeat-code-use.ts'
import { tryMailedCode } from '../tokens/try-mailed-code.ts'
import { confirmHere, repeatConfirmation } from './confirm-here.ts'

export type ConfirmByCodeResult =
  | Confirmed
  | ConfirmedDisabled
  | { ok: false; reason: 'invalid' }
  /** The code is right, but the account was registered elsewhere: go on as with the link, whose token this is. */
  | { ok: false; reason: 'other-browser'; token: MailedTokenText }
  | Limited

const invalid: ConfirmByCodeResult = { ok: false, reason: 'invalid' }

/**
 * Confirms an address by the six digits of its mail, and signs in. They work in the browser that asked for the mail and
 * in no other, and where the account was registered in another one, they ask what the link would. Every refusal looks
 * the same, whether the account exists or not; tries left are never told.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const confirmUserByCode = defineFlow(
  {
    name: 'confirmUserByCode',
    principal: 'visitor',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'auth.confirm',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { email: unknown; code: unknown },
  ): Promise<ConfirmByCodeResult> => {
    const address = parseEmail(input.email)?.canonical ?? null
    const code = parseMailedCode(input.code)
    return withGuess(runtime, async (guess) => {
      const limited = await chargeCodeEntry(runtime, caller, address, guess)
      if (limited) return limited
      const browserHash = browserHashOf(caller)
      const entered =
        address === null || code === null
          ? invalid
          : await inTransaction(runtime, (tx) => enterCode(tx, caller, { address, browserHash, code }))
      if (!entered.ok && entered.reason === 'invalid') guess.wasWrong()
      return entered
    })
  },
)

async function enterCode(
  tx: Transaction,
  caller: Caller,
  typed: { address: CanonicalEmail; browserHash: Bytes | null; code: string },
): Promise<ConfirmByCodeResult> {
  const { isRight, tried } = await tryMailedCode(tx, caller, { kind: confirmationCode(tx.runtime), ...typed })
  if (isRight && !tried.sameBrowser) return { ok: false, reason: 'other-browser', token: tried.token.text }
  const owner = isRight ? await consume(tx, caller, tried, typed.browserHash) : null
  if (owner) return confirmHere(tx, caller, owner, 'code')
  const repeated = await repeatCodeUse(tx, caller, 'confirm', typed)
  if (repeated) return repeatConfirmation(tx, caller, repeated)
  const subjectId = tried?.userId ?? null
  await recordWrongMailedCode(tx, caller, typed.address, { action: 'auth.confirm', subjectId })
  return invalid
}

async function consume(
  tx: Transaction,
  caller: Caller,
  { token }: CodeTry,
  browserHash: Bytes | null,
): Promise<ConsumedToken | null> {
  const only = sql`u.registration_browser_hash = ${browserHash} and t.browser_hash = ${browserHash}`
  return consumeToken(tx, caller, token, 'code', only)
}
