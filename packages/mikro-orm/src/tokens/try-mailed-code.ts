import type { Bytes, CanonicalEmail } from '@sigra/core'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import {
  type CodeKind,
  type CodeTry,
  isRightCode,
  reserveCodeTry,
  returnCodeTry,
} from './reserve-code-try.ts'
import { tellIfCodesBlocked } from './tell-if-codes-blocked.ts'

/** A mailed code that was counted and compared. Using it up is the caller's, in the same transaction. */
export type TriedMailedCode = { isRight: true; tried: CodeTry } | { isRight: false; tried: CodeTry | null }

/**
 * Counts a mailed code and compares it, in the transaction of what it is for: either all of it happened or nothing did.
 * A right one was no guess and is given back. The owner is told when codes went off by a wrong one.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer: nothing was counted.
 */
export async function tryMailedCode(
  tx: Transaction,
  caller: Caller,
  typed: { kind: CodeKind; address: CanonicalEmail; browserHash: Bytes | null; code: string },
): Promise<TriedMailedCode> {
  const { kind, address, browserHash, code } = typed
  const tried = await reserveCodeTry(tx, kind, address, browserHash)
  if (tried && isRightCode(tried, code)) {
    await returnCodeTry(tx, tried, address)
    return { isRight: true, tried }
  }
  await tellIfCodesBlocked(tx, caller, tried)
  return { isRight: false, tried }
}
