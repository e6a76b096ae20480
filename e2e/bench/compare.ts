/** One thing beside its floor, both measured in the same run: a machine may be slow or busy, the ratio stays. */
export interface Comparison {
  name: string
  /** What the numbers count: `/s`, `ms`. */
  unit: string
  bar: Bar
  floor: Contender
  subject: Contender
  /** How many turns each of the two gets, after two that warm up. */
  rounds: number
}

/** What ratio of subject to floor counts as good; the bars are those of the guide on performance. */
export type Bar = { atLeast: number } | { atMost: number }

export interface Contender {
  name: string
  /** One turn. @returns the number that is compared, in the unit of the comparison */
  measure: () => Promise<number>
}

export interface Outcome {
  name: string
  unit: string
  floor: { name: string; value: number }
  subject: { name: string; value: number }
  ratio: number
  bar: Bar
  isGood: boolean
}

const WARM_UP = 2

/** Lets the two take turns in changing order, so that what else the machine does hits both; medians count. */
export async function compare(comparison: Comparison): Promise<Outcome> {
  const { floor, subject, rounds } = comparison
  const turns: { floor: number; subject: number }[] = []
  for (let round = 0; round < rounds + WARM_UP; round++) {
    const order = round % 2 === 0 ? [floor, subject] : [subject, floor]
    const measured = new Map<Contender, number>()
    for (const contender of order) measured.set(contender, await contender.measure())
    turns.push({ floor: measured.get(floor) ?? 0, subject: measured.get(subject) ?? 0 })
  }
  const counted = turns.slice(WARM_UP)
  return judge(comparison, {
    floor: median(counted.map((turn) => turn.floor)),
    subject: median(counted.map((turn) => turn.subject)),
    ratio: median(counted.map((turn) => turn.subject / turn.floor)),
  })
}

/** The outcome of numbers that were measured already. @param measured.ratio @default subject / floor */
export function judge(
  {
    name,
    unit,
    bar,
    floor,
    subject,
  }: Pick<Comparison, 'name' | 'unit' | 'bar'> & {
    floor: { name: string }
    subject: { name: string }
  },
  measured: { floor: number; subject: number; ratio?: number },
): Outcome {
  const ratio = measured.ratio ?? measured.subject / measured.floor
  return {
    name,
    unit,
    floor: { name: floor.name, value: measured.floor },
    subject: { name: subject.name, value: measured.subject },
    ratio,
    bar,
    isGood: 'atLeast' in bar ? ratio >= bar.atLeast : ratio <= bar.atMost,
  }
}

/** Calls per second of `run`, so many calls in a turn, so many of them under way at a time. */
export function rateOf(
  run: () => Promise<unknown>,
  { calls, inFlight }: { calls: number; inFlight: number },
): () => Promise<number> {
  return async () => {
    let left = calls
    const lane = async (): Promise<void> => {
      while (left-- > 0) await run()
    }
    const started = performance.now()
    await Promise.all(Array.from({ length: inFlight }, lane))
    return (calls * 1000) / (performance.now() - started)
  }
}

/** Milliseconds that `run` takes. */
export function timeOf(run: () => Promise<unknown>): () => Promise<number> {
  return async () => {
    const started = performance.now()
    await run()
    return performance.now() - started
  }
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** @param share 0.99 is the value that 99 of 100 stay below */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
