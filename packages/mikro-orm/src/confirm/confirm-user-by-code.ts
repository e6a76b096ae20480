import { type Bytes, type MailedTokenText, parseEmail, parseMailedCode } from '@sigra/core'
import type { FlowContext } from '../context.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import type { Runtime } from '../runtime.ts'
import { hashBrowserToken } from '../sessions/browser-token.ts'
import { traceFlow } from '../telemetry/trace-flow.ts'
import { consumeToken } from '../tokens/consume-token.ts'
import { recordTokenRefusal } from '../tokens/record-token-refusal.ts'
import { recordWrongMailedCode } from '../tokens/record-wrong-mailed-code.ts'
import { chargeCodeEntry } from '../tokens/charge-code-entry.ts'
import {
  type CodeTry,
  confirmationCode,
  isRightCode,
  reserveCodeTry,
  returnCodeTry,
} from '../tokens/reserve-code-try.ts'
import { tellIfCodesBlocked } from '../tokens/tell-if-codes-blocked.ts'
import { completeConfirmation } from './complete-confirmation.ts'

export type ConfirmByCodeResult =
  | { ok: true }
  | { ok: false; reason: 'invalid' }
  /** The code is right, but the account was registered elsewhere: go on as with the link, whose token this is. */
  | { ok: false; reason: 'other-browser'; token: MailedTokenText }
  | Limited

/**
 * Confirms an address by the six digits of its mail. They work in the browser that asked for the mail and in no
 * other. Every refusal looks the same, whether the account exists or not; tries left are never told.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function confirmUserByCode(
  runtime: Runtime,
  ctx: FlowContext,
  input: { email: unknown; code: unknown },
): Promise<ConfirmByCodeResult> {
  return traceFlow('auth.confirm', ctx, async () => {
    const address = parseEmail(input.email)?.canonical ?? null
    const code = parseMailedCode(input.code)
    const charged = await chargeCodeEntry(runtime, ctx, address)
    if (!charged.ok) return charged
    if (address === null || code === null) return { ok: false, reason: 'invalid' }

    const browserHash = ctx.browserToken && hashBrowserToken(ctx.browserToken)
    const reserved = await reserveCodeTry(runtime, confirmationCode(runtime), address, browserHash)
    if (!reserved || !isRightCode(reserved, code)) {
      const subjectId = reserved?.userId ?? null
      await recordWrongMailedCode(runtime, ctx, address, { action: 'auth.confirm', subjectId })
      await tellIfCodesBlocked(runtime, ctx, reserved)
      return { ok: false, reason: 'invalid' }
    }
    return reserved.sameBrowser
      ? consume(runtime, ctx, reserved, browserHash)
      : continueElsewhere(runtime, reserved)
  })
}

async function consume(
  runtime: Runtime,
  ctx: FlowContext,
  reserved: CodeTry,
  browserHash: Bytes | null,
): Promise<ConfirmByCodeResult> {
  const isConfirmed = await inTransaction(runtime, async (tx) => {
    const only = sql`u.registration_browser_hash = ${browserHash} and t.browser_hash = ${browserHash}`
    const owner = await consumeToken(tx, reserved.token, only)
    if (owner) await completeConfirmation(tx, ctx, owner, 'code')
    return owner !== null
  })
  if (isConfirmed) return { ok: true }
  await recordTokenRefusal(runtime, ctx, 'auth.confirm', reserved.token)
  return { ok: false, reason: 'invalid' }
}

async function continueElsewhere(runtime: Runtime, reserved: CodeTry): Promise<ConfirmByCodeResult> {
  await returnCodeTry(runtime, reserved)
  return { ok: false, reason: 'other-browser', token: reserved.token.text }
}
