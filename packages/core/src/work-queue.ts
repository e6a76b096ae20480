import { Overloaded } from './errors.ts'

/** Runs at most so many tasks at a time; so many more may wait, in order; the next one is refused at once. */
export interface WorkQueue {
  /** @throws {Overloaded} `SIGRA_OVERLOADED` when as many wait as may. The task was not started. */
  run<T>(task: () => Promise<T>): Promise<T>
}

const RETRY_AFTER_SECONDS = 2 // a full queue of 64 is worked off in about that time

/**
 * @param concurrency Tasks that run at a time.
 * @param limit Tasks that may wait; `run` throws `Overloaded` (`SIGRA_OVERLOADED`) for the next one.
 */
export function createWorkQueue(concurrency: number, limit: number): WorkQueue {
  const waiting: (() => void)[] = []
  let running = 0

  async function takeTurn(): Promise<void> {
    if (running < concurrency) {
      running++
      return
    }
    if (waiting.length >= limit)
      throw new Overloaded('Too many passwords wait to be hashed.', RETRY_AFTER_SECONDS)
    const turn = Promise.withResolvers<void>()
    waiting.push(turn.resolve)
    await turn.promise // whoever finishes hands over the place: `running` stays as it is
  }

  return {
    async run(task) {
      await takeTurn()
      try {
        return await task()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else running--
      }
    },
  }
}
