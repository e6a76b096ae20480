import type { Runtime } from '../runtime.ts'
import { inTransaction, type Transaction } from './transaction.ts'

/** Ends a transaction whose conditions no longer hold. Nothing leaves this file by it. */
class Undone extends Error {
  override readonly name = 'Undone'
}

/**
 * Runs `work` in a transaction that it may undo as a whole, by returning what `undo` made of an ordinary refusal: half
 * of a change is worse than none, and a refusal is no error.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function inUndoableTransaction<T, R>(
  runtime: Runtime,
  work: (tx: Transaction, undo: (result: R) => never) => Promise<T>,
): Promise<T | R> {
  const undone: { result: R }[] = []
  try {
    return await inTransaction(runtime, (tx) =>
      work(tx, (result) => {
        undone.push({ result })
        throw new Undone('undone')
      }),
    )
  } catch (error) {
    const [first] = undone
    if (first && error instanceof Undone) return first.result
    throw error
  }
}
