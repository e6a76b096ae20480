/** One thing beside its floor, both measured in the same run: a machine may be slow or busy, the ratio stays. */
export interface Comparison {
  name: string
  /** The least ratio that counts as good; see the guide on performance. */
  bar: number
  floor: Contender
  subject: Contender
  /** Calls in each turn. */
  calls: number
  /** How many calls are under way at a time. */
  inFlight: number
  /** How many turns each of the two gets. */
  rounds: number
}

export interface Contender {
  name: string
  /** One operation. */
  run: () => Promise<unknown>
}

export interface Outcome {
  name: string
  inFlight: number
  floor: { name: string; perSecond: number }
  subject: { name: string; perSecond: number }
  /** Median over the rounds of subject to floor. */
  ratio: number
  bar: number
  isGood: boolean
}

const WARM_UP = 5

/**
 * Lets the two take many short turns, in changing order, so that what else the machine does hits both. The first
 * rounds warm up and do not count.
 */
export async function compare(comparison: Comparison): Promise<Outcome> {
  const { name, bar, floor, subject, inFlight, rounds } = comparison
  const rates: { floor: number; subject: number }[] = []
  for (let round = 0; round < rounds + WARM_UP; round++) {
    const order = round % 2 === 0 ? [floor, subject] : [subject, floor]
    const measured = new Map<Contender, number>()
    for (const contender of order) measured.set(contender, await measure(contender, comparison))
    rates.push({ floor: measured.get(floor) ?? 0, subject: measured.get(subject) ?? 0 })
  }
  const counted = rates.slice(WARM_UP)
  const ratio = median(counted.map((rate) => rate.subject / rate.floor))
  return {
    name,
    inFlight,
    floor: { name: floor.name, perSecond: median(counted.map((rate) => rate.floor)) },
    subject: { name: subject.name, perSecond: median(counted.map((rate) => rate.subject)) },
    ratio,
    bar,
    isGood: ratio >= bar,
  }
}

/** Calls per second. */
async function measure(contender: Contender, { calls, inFlight }: Comparison): Promise<number> {
  let left = calls
  const lane = async (): Promise<void> => {
    while (left-- > 0) await contender.run()
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: inFlight }, lane))
  return (calls * 1000) / (performance.now() - started)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
