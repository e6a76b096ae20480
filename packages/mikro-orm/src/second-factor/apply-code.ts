import type { Caller } from '../caller.ts'
import { statement, type Transaction } from '../database/transaction.ts'
import { inUndoableTransaction } from '../database/undoable.ts'
import type { Proof } from '../door/proof.ts'
import type { Busy } from '../flow-result.ts'
import type { Guess } from '../limits/guess.ts'
import type { Runtime } from '../runtime.ts'
import {
  continueSession,
  type ContinuedSession,
  inSessionTransaction,
  SessionOvertaken,
} from '../sessions/continue-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { checkBackup, checkTotpCode, type RightCode, type Verdict } from './check-code.ts'
import { recordWrongCode } from './record-wrong-code.ts'
import { type ReservedTry, reserveTry, type TryRefusal, tryRefund } from './reserve-try.ts'
import { spendCode } from './spend-code.ts'
import type { TypedCode } from './typed-code.ts'

export type UsedCode<T> =
  | { ok: true; value: T }
  /** `hasEnded`: it was the last one of a sign-in, which is over. */
  | { ok: false; reason: 'wrong-code' | 'already-used'; hasEnded: boolean }
  | TryRefusal
  | Busy

/** What a code is for, in the transaction that uses it up. `undo` takes the code's use back with everything else. */
export type CodeUse<T> = (
  tx: Transaction,
  own: ContinuedSession,
  factor: Proof,
  method: RightCode['method'],
  undo: (value: T) => never,
) => Promise<T>

interface Entry {
  runtime: Runtime
  caller: Caller
  session: ResolvedSession
  guess: Guess
}

/**
 * Counts a code of a second factor, compares it, and uses a right one up for something. A code of the app needs no hash,
 * so all of that is one transaction, and a database that goes away takes the count with it. A backup code is counted
 * before it is hashed, with no connection held meanwhile, and given back where it was not compared.
 *
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer: nothing was wrong then.
 */
export async function applyCode<T>(entry: Entry, typed: TypedCode, use: CodeUse<T>): Promise<UsedCode<T>> {
  return typed.method === 'totp' ? applyTotp(entry, typed, use) : applyBackupCode(entry, typed, use)
}

async function applyTotp<T>(
  entry: Entry,
  typed: Extract<TypedCode, { method: 'totp' }>,
  use: CodeUse<T>,
): Promise<UsedCode<T>> {
  const { runtime, session } = entry
  return inSessionTransaction<UsedCode<T>, UsedCode<T>>(runtime, session, async (tx, own, undo) => {
    const reserved = await reserveTry(runtime, tx.rows, session, typed)
    if (!reserved.ok) return reserved
    const { tried } = reserved
    const verdict = checkTotpCode(runtime, tried, typed.code)
    const used = await settle(tx, entry, own, { tried, verdict, method: 'totp' }, use, undo)
    if (!used.ok) tx.afterCommit(() => entry.guess.wasWrong())
    return used
  })
}

async function applyBackupCode<T>(
  entry: Entry,
  typed: Extract<TypedCode, { method: 'backup-code' }>,
  use: CodeUse<T>,
): Promise<UsedCode<T>> {
  const { runtime, caller, session, guess } = entry
  const reserved = await reserveTry(runtime, (query) => statement(runtime, query), session, typed)
  if (!reserved.ok) return reserved
  const counted = guess.take(tryRefund(runtime, session))
  const { tried } = reserved
  const verdict = await checkBackup(runtime, session, tried, typed.code)
  if (!verdict.ok && verdict.reason === 'busy') return verdict
  if (!verdict.ok) guess.wasWrong() // it was looked at: whatever happens to the line about it
  const used = await inUndoableTransaction<UsedCode<T> | null, UsedCode<T>>(runtime, async (tx, undo) => {
    const own = await continueSession(tx, session)
    if (own === null) {
      // Each number is given out once: a wrong one is written down, and the owner told, although nobody goes on.
      if (!verdict.ok)
        await recordWrongCode(tx, caller, null, tried, { method: 'backup-code', reason: verdict.reason })
      return null
    }
    const used = await settle(tx, entry, own, { tried, verdict, method: 'backup-code' }, use, undo)
    if (used.ok) tx.afterCommit(() => counted.settle())
    else tx.afterCommit(() => guess.wasWrong())
    return used
  })
  if (used === null) throw new SessionOvertaken()
  return used
}

async function settle<T>(
  tx: Transaction,
  { caller }: Entry,
  own: ContinuedSession,
  { tried, verdict, method }: { tried: ReservedTry; verdict: Verdict; method: TypedCode['method'] },
  use: CodeUse<T>,
  undo: (used: UsedCode<T>) => never,
): Promise<UsedCode<T>> {
  const factor = verdict.ok ? await spendCode(tx, caller, tried, verdict.right) : null
  if (factor)
    return { ok: true, value: await use(tx, own, factor, method, (value) => undo({ ok: true, value })) }
  const reason = verdict.ok ? 'already-used' : verdict.reason
  const hasEnded = await recordWrongCode(tx, caller, own, tried, { method, reason })
  return { ok: false, reason: reason === 'already-used' ? reason : 'wrong-code', hasEnded }
}
