import type { Runtime } from '../runtime.ts'

// Per process: what is bounded is its connections and its memory.
const taken = new WeakMap<Runtime['orm'], number>()

/**
 * Takes one of the places for exports that run at a time.
 *
 * @returns What gives it back, once, however often it is called; `null` while all are taken.
 */
export function takeExportPlace({ orm, policy }: Pick<Runtime, 'orm' | 'policy'>): (() => void) | null {
  const running = taken.get(orm) ?? 0
  const { concurrency, minutes } = policy.export
  if (running >= concurrency) return null
  taken.set(orm, running + 1)
  let isTaken = true
  const giveBack = () => {
    if (isTaken) taken.set(orm, (taken.get(orm) ?? 1) - 1)
    isTaken = false
    clearTimeout(timer)
  }
  // Also for an answer that nobody ever begins to read.
  const timer = setTimeout(giveBack, minutes * 60_000)
  timer.unref()
  return giveBack
}
