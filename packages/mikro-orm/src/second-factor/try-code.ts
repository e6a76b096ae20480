import type { Busy } from '../flow-result.ts'
import type { Runtime } from '../runtime.ts'
import type { ResolvedSession } from '../sessions/resolve-session.ts'
import { checkCode, type RightCode, type WrongCode } from './check-code.ts'
import { type ReservedTry, reserveTry, returnTry, type TryRefusal } from './reserve-try.ts'
import type { TypedCode } from './typed-code.ts'

/** What was wrong with which kind of code: for the audit log, more than the visitor is told. */
export interface WrongTry {
  method: TypedCode['method']
  reason: WrongCode
}

/** A code that was counted and compared. Using it up is the caller's, in the transaction of what it is for. */
export type TriedCode =
  | { ok: true; tried: ReservedTry; right: RightCode }
  | { ok: false; reason: 'wrong-code'; tried: ReservedTry; wrong: WrongTry }
  | TryRefusal
  | Busy

/**
 * Counts a code of a second factor, then compares it: no guess is answered that was not counted, and no connection is
 * held meanwhile. One that was never compared is given back.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function tryCode(
  runtime: Runtime,
  session: ResolvedSession,
  typed: TypedCode,
): Promise<TriedCode> {
  const reserved = await reserveTry(runtime, session, typed)
  if (!reserved.ok) return reserved
  const { tried } = reserved
  const verdict = await checkCode(runtime, tried, typed)
  if (verdict.ok) return { ok: true, tried, right: verdict.right }
  if (verdict.reason === 'busy') {
    await returnTry(runtime, session)
    return verdict
  }
  return { ok: false, reason: 'wrong-code', tried, wrong: { method: typed.method, reason: verdict.reason } }
}
