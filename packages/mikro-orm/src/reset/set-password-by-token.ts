import { type MailedToken, parseMailedToken } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import { orBusy, type SetPasswordResult } from '../flow-result.ts'
import { chargeMailedLink } from '../limits/charge-mailed-link.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import { checkNewPassword } from '../passwords/check-new-password.ts'
import { describeUncheckedPassword } from '../passwords/describe-unchecked-password.ts'
import type { Runtime } from '../runtime.ts'
import { consumeToken, type ConsumedToken } from '../tokens/consume-token.ts'
import { findToken } from '../tokens/find-token.ts'
import { recordTokenRefusal } from '../tokens/record-token-refusal.ts'
import { repeatWithPassword } from '../tokens/repeat-with-password.ts'
import { replacePassword } from './replace-password.ts'

const ACTIONS = { confirm: 'auth.confirm', 'reset-password': 'auth.reset_completed' } as const

/** Uses a mailed link up for a new password. A password that is refused leaves the link as it was. */
export async function setPasswordByToken(
  runtime: Runtime,
  caller: Caller,
  purpose: keyof typeof ACTIONS,
  input: { token: unknown; password: unknown },
): Promise<SetPasswordResult> {
  const token = parseMailedToken(runtime.ring, purpose, input.token)
  if (!token) return { ok: false, reason: 'invalid-token' }
  const limited = await chargeMailedLink(runtime, caller)
  if (limited) return limited
  const found = await findToken(runtime, token)
  if (!found) return repeat(runtime, caller, purpose, token, input.password)

  const checked = await checkNewPassword(runtime, input.password, found.email, { breachCheck: true })
  if (!checked.ok) return { ok: false, reason: 'invalid', errors: checked.errors }
  const hashedPassword = await orBusy(runtime.hasher.hash(checked.password))
  if (typeof hashedPassword !== 'string') return hashedPassword

  const owner = await inTransaction(runtime, async (tx) => {
    const consumed = await consumeToken(tx, caller, token, 'new-password')
    if (!consumed) return null
    const sessions = await replacePassword(tx, caller, consumed, hashedPassword)
    const { breachCheckUnavailable } = checked
    await recordNewPassword(tx, caller, purpose, consumed, { sessions, breachCheckUnavailable })
    return consumed
  })
  if (!owner) return repeat(runtime, caller, purpose, token, input.password)
  return { ok: true }
}

async function recordNewPassword(
  tx: Transaction,
  caller: Caller,
  purpose: keyof typeof ACTIONS,
  { userId, emailCanonical }: ConsumedToken,
  change: { sessions: number; breachCheckUnavailable: boolean },
): Promise<void> {
  const about = { actorId: userId, subjectId: userId }
  const metadata = { method: 'new-password', sessions: change.sessions }
  const eventId = await recordAuditEvent(
    tx,
    caller,
    { ...about, action: ACTIONS[purpose], outcome: 'success', metadata },
    describeUncheckedPassword(change, about),
  )
  await enqueueNotice(tx, 'passwordChanged', { address: emailCanonical, eventId })
}

/** One press can be two requests: the second is answered as the first was. */
async function repeat(
  runtime: Runtime,
  caller: Caller,
  purpose: keyof typeof ACTIONS,
  token: MailedToken,
  password: unknown,
): Promise<SetPasswordResult> {
  const repeated = await repeatWithPassword(runtime, caller, token, 'new-password', password)
  return repeated ?? refuse(runtime, caller, purpose, token)
}

async function refuse(
  runtime: Runtime,
  caller: Caller,
  purpose: keyof typeof ACTIONS,
  token: MailedToken,
): Promise<SetPasswordResult> {
  await recordTokenRefusal(runtime, caller, ACTIONS[purpose], token)
  return { ok: false, reason: 'invalid-token' }
}
