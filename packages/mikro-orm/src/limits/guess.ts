import type { Sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'

/** What was taken for an answer before it was looked at. */
export interface Guess {
  /** Notes how something taken is given back. */
  take(refund: Sql): Taken
  /** The answer was looked at and was wrong: what was taken stays taken. */
  wasWrong(): void
}

export interface Taken {
  /** It was given back or reset in another way. */
  settle(): void
  /** Gives it back now. */
  giveBack(): Promise<void>
}

/**
 * Runs what looks at an answer: a password, a code. Tries and tokens of target buckets that it takes go back unless the
 * answer was found wrong: a right one was no guess, and one that nobody looked at (the database away, the hash queue
 * full) was not wrong. What limits a client is never given back, and so is not taken here.
 */
export async function withGuess<T>(runtime: Runtime, work: (guess: Guess) => Promise<T>): Promise<T> {
  const open = new Set<{ refund: Sql }>()
  let isWrong = false
  const guess: Guess = {
    take(refund) {
      const entry = { refund }
      open.add(entry)
      return {
        settle: () => void open.delete(entry),
        async giveBack() {
          if (open.delete(entry)) await runtime.refunds.give(refund)
        },
      }
    },
    wasWrong() {
      isWrong = true
    },
  }
  try {
    return await work(guess)
  } finally {
    if (!isWrong) for (const { refund } of open) await runtime.refunds.give(refund)
  }
}
