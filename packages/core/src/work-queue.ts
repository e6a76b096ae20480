import { Overloaded } from './errors.ts'

/** Runs at most so many tasks at a time; so many more may wait, in order; the next one is refused at once. */
export interface WorkQueue {
  /**
   * @param holder Who may wait in a kept place where all others are taken. @default nobody
   * @throws {Overloaded} `SIGRA_OVERLOADED` when as many wait as may. The task was not started.
   */
  run<T>(task: () => Promise<T>, holder?: string | null): Promise<T>
}

/** Waiting places that a crowd of strangers does not get. */
export interface KeptPlaces {
  /** Of the limit, not beside it. */
  places: number
  /** How many of them one holder may have at a time. */
  perHolder: number
}

interface Waiting {
  /** Whose kept place it is; `null` for any other. */
  keptFor: string | null
  start(): void
}

const RETRY_AFTER_SECONDS = 2 // a full queue of 64 is worked off in about that time

/**
 * @param concurrency Tasks that run at a time.
 * @param limit Tasks that may wait; `run` throws `Overloaded` (`SIGRA_OVERLOADED`) for the next one.
 * @param kept Of these, the ones for named holders. @default none
 */
export function createWorkQueue(
  concurrency: number,
  limit: number,
  kept: KeptPlaces = { places: 0, perHolder: 0 },
): WorkQueue {
  const waiting: Waiting[] = []
  let running = 0

  async function takeTurn(holder: string | null): Promise<void> {
    if (running < concurrency) {
      running++
      return
    }
    const keptFor = findPlace(holder)
    const turn = Promise.withResolvers<void>()
    waiting.push({ keptFor, start: turn.resolve })
    await turn.promise // whoever finishes hands over the place: `running` stays as it is
  }

  /** A place that anybody may have, as long as there is one; then a kept one. In order either way: nobody overtakes. */
  function findPlace(holder: string | null): string | null {
    const inKept = waiting.filter(({ keptFor }) => keptFor !== null)
    if (waiting.length - inKept.length < limit - kept.places) return null
    const own = inKept.filter(({ keptFor }) => keptFor === holder)
    if (holder !== null && inKept.length < kept.places && own.length < kept.perHolder) return holder
    throw new Overloaded('Too many passwords wait to be hashed.', RETRY_AFTER_SECONDS)
  }

  return {
    async run(task, holder = null) {
      await takeTurn(holder)
      try {
        return await task()
      } finally {
        const next = waiting.shift()
        if (next) next.start()
        else running--
      }
    },
  }
}
