import { Impossible } from '@sigra/core'

interface Waiting<Item, Answer> {
  item: Item
  resolve(answer: Answer): void
  reject(reason: unknown): void
}

/**
 * Asks one question about many things: what comes while one is under way waits for the next, so that a backlog shares
 * its statements and a single mail waits for nobody. Where a question about several fails, each is asked about alone:
 * none is to fail for another.
 *
 * @param ask Answers in the order of the items.
 */
export function askTogether<Item, Answer>(
  ask: (items: readonly Item[]) => Promise<readonly Answer[]>,
): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = []
  let isAsking = false

  async function askAll(): Promise<void> {
    isAsking = true
    while (waiting.length > 0) {
      const together = waiting
      waiting = []
      if (!(await answer(ask, together)) && together.length > 1) {
        for (const each of together) await answer(ask, [each])
      }
    }
    isAsking = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!isAsking) void askAll()
    })
}

/** @returns `false` when there was no answer; only who asked alone is told why. */
async function answer<Item, Answer>(
  ask: (items: readonly Item[]) => Promise<readonly Answer[]>,
  together: readonly Waiting<Item, Answer>[],
): Promise<boolean> {
  try {
    const answers = await ask(together.map(({ item }) => item))
    for (const [place, { resolve, reject }] of together.entries()) {
      const given = answers[place]
      if (given === undefined) reject(new Impossible('every item has an answer'))
      else resolve(given)
    }
    return true
  } catch (error) {
    if (together.length === 1) for (const { reject } of together) reject(error)
    return false
  }
}
