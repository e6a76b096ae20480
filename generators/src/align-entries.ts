import { isSameEntry, readLiterals, writeEntries, type Entry, type Literal } from './literals.ts'

/** Two texts that are merged line by line afterwards. */
export interface Aligned {
  base: string
  ours: string
}

/** What became of one entry in a new version: `after` is the nearest one before it that is there already. */
type Step =
  | { kind: 'remove'; was: Entry }
  | { kind: 'replace'; was: Entry; now: Entry }
  | { kind: 'add'; now: Entry; before: readonly string[]; after: readonly string[] }

/**
 * Takes what a new version did to the entries of objects and lists over into the owner's text, entry by entry, so that
 * an entry of their own beside ours is no overlap. What is theirs keeps its place. What they changed themselves is left
 * to the lines: one that comes, but is there in other words; one that goes or changes, and is not as it came.
 *
 * @returns Base and owner's text with the same steps taken; `null` where there are none, or a text does not parse.
 */
export function alignEntries(path: string, base: string, ours: string, target: string): Aligned | null {
  const [was, now] = [readLiterals(base, path), readLiterals(target, path)]
  let theirs = readLiterals(ours, path)
  if (was === null || now === null || theirs === null) return null
  let aligned: Aligned = { base, ours }
  for (const [address, literal] of now) {
    const former = was.get(address)
    const mine = theirs?.get(address)
    if (former === undefined || mine === undefined) continue
    const steps = findSteps(former, literal, (entry) => isNested(address, entry, was, now)).filter((step) =>
      canTake(mine, former, step),
    )
    const apply = (text: string) => takeSteps(path, text, address, steps, literal)
    if (steps.length === 0) continue
    aligned = { base: apply(aligned.base), ours: apply(aligned.ours) }
    theirs = readLiterals(aligned.ours, path)
  }
  return aligned.base === base && aligned.ours === ours ? null : aligned
}

function findSteps(former: Literal, literal: Literal, hasOwnSteps: (entry: Entry) => boolean): Step[] {
  const keys = literal.entries.map(({ key }) => key)
  const gone = former.entries.filter(({ key }) => !keys.includes(key))
  const come = literal.entries.flatMap((now, index): Step[] => {
    const was = former.entries.find(({ key }) => key === now.key)
    if (was === undefined) {
      return [{ kind: 'add', now, before: keys.slice(index + 1), after: keys.slice(0, index).toReversed() }]
    }
    return isSameEntry(was, now) || hasOwnSteps(now) ? [] : [{ kind: 'replace', was, now }]
  })
  return [...gone.map((was): Step => ({ kind: 'remove', was })), ...come]
}

/** Its value is a literal, whose own entries are looked at. */
function isNested(
  address: string,
  { key }: Entry,
  was: ReadonlyMap<string, Literal>,
  now: ReadonlyMap<string, Literal>,
): boolean {
  const own = address === '' ? key : `${address}/${key}`
  return was.has(own) && now.has(own)
}

function canTake(mine: Literal, former: Literal, step: Step): boolean {
  const { key } = step.kind === 'add' ? step.now : step.was
  const present = mine.entries.find((entry) => entry.key === key)
  if (step.kind === 'replace')
    return present !== undefined && (isSameEntry(present, step.was) || isSameEntry(present, step.now))
  if (present !== undefined) return isSameEntry(present, step.kind === 'add' ? step.now : step.was)
  return step.kind === 'add' || !isInOtherWords(step.was, mine, former)
}

/** Whether an entry of theirs is made of what only this one was made of: they did not take it out, they changed it. */
function isInOtherWords(was: Entry, mine: Literal, former: Literal): boolean {
  const shared = former.entries.filter((entry) => entry !== was)
  const own = [...was.names].filter((name) => !shared.some(({ names }) => names.has(name)))
  const theirs = mine.entries.filter(({ key }) => !former.entries.some((entry) => entry.key === key))
  return theirs.some(({ names }) => own.some((name) => names.has(name)))
}

function takeSteps(
  path: string,
  text: string,
  address: string,
  steps: readonly Step[],
  like: Literal,
): string {
  const literal = readLiterals(text, path)?.get(address)
  if (literal === undefined) return text
  const entries = steps.reduce<readonly Entry[]>(takeStep, literal.entries)
  return writeEntries(text, literal, entries, like)
}

function takeStep(entries: readonly Entry[], step: Step): readonly Entry[] {
  if (step.kind === 'remove') return entries.filter(({ key }) => key !== step.was.key)
  if (step.kind === 'replace') return entries.map((entry) => (entry.key === step.was.key ? step.now : entry))
  if (entries.some(({ key }) => key === step.now.key)) return entries
  const place = (keys: readonly string[]) => {
    const nearest = keys.find((key) => entries.some((entry) => entry.key === key))
    return entries.findIndex((entry) => entry.key === nearest)
  }
  const [before, after] = [place(step.before), place(step.after)]
  const at = after !== -1 ? after + 1 : before !== -1 ? before : entries.length
  return entries.toSpliced(at, 0, step.now)
}
