import type { Sql } from '../database/sql.ts'

/** Gives back what was taken before it was used. What the database does not take now is kept and tried again. */
export interface Refunds {
  /** Writes it, or keeps it for ten minutes until it can be written. Never throws: it follows an answer, and decides none. */
  give(refund: Sql): Promise<void>
  /** Tries what is kept; the process does so every few seconds. */
  retry(): Promise<void>
  /** How many wait to be written. */
  readonly kept: number
  close(): void
}

const KEEP_MILLISECONDS = 600_000 // by then every bucket of a guess has filled up by itself
const RETRY_MILLISECONDS = 5_000
const MOST = 10_000 // a bound on memory, not on anybody's tries

/**
 * @param write Runs one statement.
 * @param now Milliseconds of a clock that is never set back. Tests pass their own.
 */
export function createRefunds(
  write: (refund: Sql) => Promise<unknown>,
  now: () => number = () => performance.now(),
): Refunds {
  let kept: { refund: Sql; until: number }[] = []
  let timer: NodeJS.Timeout | null = null
  let underWay: Promise<void> | null = null

  function keep(refund: Sql): void {
    if (kept.length < MOST) kept.push({ refund, until: now() + KEEP_MILLISECONDS })
    timer ??= setInterval(() => void retry(), RETRY_MILLISECONDS).unref()
  }

  /** One at a time: a write may take longer than the time between two. */
  function retry(): Promise<void> {
    underWay ??= writeKept().finally(() => {
      underWay = null
    })
    return underWay
  }

  /** In order, until one fails. Each stays kept until it is written. */
  async function writeKept(): Promise<void> {
    kept = kept.filter(({ until }) => until > now())
    for (let next = kept[0]; next; next = kept[0]) {
      try {
        await write(next.refund)
      } catch {
        return
      }
      kept.shift()
    }
    close()
  }

  function close(): void {
    if (timer !== null) clearInterval(timer)
    timer = null
  }

  return {
    async give(refund) {
      try {
        await write(refund)
      } catch {
        keep(refund)
      }
    },
    retry,
    close,
    get kept() {
      return kept.length
    },
  }
}
