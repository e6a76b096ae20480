import type { AuditEntry } from '../audit/record-audit-event.ts'
import type { FlowContext } from '../context.ts'
import { inUndoableTransaction } from '../database/undoable.ts'
import { completeSignIn } from '../door/complete-sign-in.ts'
import { takeSessionProof } from '../door/proof.ts'
import type { Busy, Limited, SignInSuccess } from '../flow-result.ts'
import type { Runtime } from '../runtime.ts'
import type { ResolvedSession } from '../sessions/resolve-session.ts'
import { traceFlow } from '../telemetry/trace-flow.ts'
import { countBackupCodes } from './backup-codes.ts'
import { chargeSecondFactor } from './charge-second-factor.ts'
import type { RightCode } from './check-code.ts'
import { recordWrongCode } from './record-wrong-code.ts'
import type { ReservedTry } from './reserve-try.ts'
import { spendCode } from './spend-code.ts'
import { tryCode, type WrongTry } from './try-code.ts'
import { turnAway } from './turn-away.ts'
import { type CodeInput, readTypedCode } from './typed-code.ts'

export interface VerifyInput extends CodeInput {
  /** This browser skips the second factor from now on, never the first. @default false */
  trustBrowser?: boolean | undefined
}

export type VerifyResult =
  | (SignInSuccess & { backupCodesLeft: number })
  | { ok: false; reason: 'wrong-code' | 'already-used' }
  /** The sign-in is over: log in again. */
  | { ok: false; reason: 'session-ended' }
  | { ok: false; reason: 'disabled' }
  /** No code of this account is looked at any more. */
  | { ok: false; reason: 'blocked' }
  | Limited
  | Busy

const ended = { ok: false, reason: 'session-ended' } as const

/**
 * The challenge: the second step of a sign-in that waits for it, by a code of the authenticator app or a backup code.
 * Limits and the count of the try commit by themselves, no connection is held while the code is compared, and using it
 * up and the sign-in are one transaction.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer: nobody gets in.
 */
export async function verifyUserSecondFactor(
  runtime: Runtime,
  ctx: FlowContext,
  input: VerifyInput,
): Promise<VerifyResult> {
  return traceFlow('mfa.challenge', ctx, async () => {
    const { session } = ctx
    if (session?.awaiting !== 'second-factor') return ended
    const limited = await chargeSecondFactor(runtime, ctx, session.userId)
    if (limited) return limited

    const code = await tryCode(runtime, session, readTypedCode(input))
    if (code.ok) {
      const trustBrowser = input.trustBrowser === true
      return finish(runtime, ctx, session, code.tried, { right: code.right, trustBrowser })
    }
    return code.reason === 'wrong-code' ? refuse(runtime, ctx, session, code.tried, code.wrong) : code
  })
}

async function refuse(
  runtime: Runtime,
  ctx: FlowContext,
  session: ResolvedSession,
  tried: ReservedTry,
  wrong: WrongTry,
): Promise<VerifyResult> {
  if (await recordWrongCode(runtime, ctx, session, tried, wrong)) return ended
  return { ok: false, reason: wrong.reason === 'already-used' ? 'already-used' : 'wrong-code' }
}

async function finish(
  runtime: Runtime,
  ctx: FlowContext,
  session: ResolvedSession,
  tried: ReservedTry,
  answer: { right: RightCode; trustBrowser: boolean },
): Promise<VerifyResult> {
  const { method } = answer.right
  const result = await inUndoableTransaction<VerifyResult, 'spent' | 'ended'>(runtime, async (tx, undo) => {
    const factor = await spendCode(tx, ctx, tried, answer.right)
    if (!factor) return undo('spent')
    const taken = await takeSessionProof(tx, session, factor)
    if (!taken) return undo('ended')
    const opened = await completeSignIn(tx, ctx, taken.proof, {
      method,
      remembered: taken.remembered,
      trustBrowser: answer.trustBrowser,
      also: [describeVerified(tried, method)],
    })
    if (opened.outcome === 'refused') return turnAway(tx, ctx, opened.reason)
    const { outcome, userId } = opened
    return { ok: true, outcome, userId, backupCodesLeft: await countBackupCodes(tx, userId) }
  })
  if (result === 'ended') return ended
  return result === 'spent'
    ? refuse(runtime, ctx, session, tried, { method, reason: 'already-used' })
    : result
}

function describeVerified({ userId }: ReservedTry, method: RightCode['method']): AuditEntry {
  return {
    action: 'mfa.verified',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    metadata: { method },
  }
}
