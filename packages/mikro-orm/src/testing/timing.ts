/** Two ways to take a time, in milliseconds, that must not be told apart. */
export interface TimedPair {
  first(): Promise<number>
  second(): Promise<number>
}

const RUNS = 3
const NEEDED = 2
const SHUFFLES = 2000
const MAX_RATIO = 1.25
const MIN_P = 0.01

/**
 * Takes `pairs` times of both, interleaved, up to three times. Of the runs two must show medians within 0.8 to 1.25
 * of each other, or a difference a permutation test finds no rarer than one in a hundred.
 */
export async function isSameTimingClass(pairs: number, { first, second }: TimedPair): Promise<boolean> {
  let alike = 0
  for (let run = 0; run < RUNS; run++) {
    const [one, other]: [number[], number[]] = [[], []]
    for (let pair = 0; pair < pairs; pair++) {
      one.push(await first())
      other.push(await second())
    }
    const ratio = median(one) / median(other)
    const isAlike = (ratio <= MAX_RATIO && ratio >= 1 / MAX_RATIO) || permutationP(one, other) >= MIN_P
    if (isAlike) alike += 1
    if (alike >= NEEDED || run + 1 - alike >= NEEDED) break
  }
  return alike >= NEEDED
}

/** How often chance alone would part the medians as far as they are apart. */
export function permutationP(one: readonly number[], other: readonly number[]): number {
  const observed = Math.abs(median(one) - median(other))
  const all = [...one, ...other]
  let asFar = 0
  for (let shuffle = 0; shuffle < SHUFFLES; shuffle++) {
    shuffleInPlace(all)
    const difference = Math.abs(median(all.slice(0, one.length)) - median(all.slice(one.length)))
    if (difference >= observed) asFar += 1
  }
  return asFar / SHUFFLES
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

function shuffleInPlace(values: number[]): void {
  for (let index = values.length - 1; index > 0; index--) {
    const swap = Math.floor(Math.random() * (index + 1))
    const [a = 0, b = 0] = [values[index], values[swap]]
    values[index] = b
    values[swap] = a
  }
}
