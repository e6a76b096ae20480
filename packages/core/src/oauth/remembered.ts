export interface RememberedOptions {
  lifeMilliseconds: number
  /** How long a failure is answered without another try. */
  failureMilliseconds: number
  now?: () => number
}

/** Asks once for however many want to know, at first use, and again when what came of it is old. */
export function remembered<T>(
  ask: () => Promise<T>,
  { lifeMilliseconds, failureMilliseconds, now = Date.now }: RememberedOptions,
): () => Promise<T> {
  let answer: Promise<T> | null = null
  let until = 0
  return () => {
    if (answer !== null && now() < until) return answer
    const asked = ask()
    answer = asked
    until = Number.POSITIVE_INFINITY // under way: whoever comes meanwhile waits for the same
    asked.then(
      () => (until = now() + lifeMilliseconds),
      () => (until = now() + failureMilliseconds),
    )
    return asked
  }
}
