import { diff3MergeRegions } from 'node-diff3'
import { toLf } from './line-endings.ts'

export type Merge = { clean: true; text: string } | { clean: false; withMarkers: string }

/**
 * Merges two edits of one base, line by line. Lines that both sides changed differently are a conflict; the
 * marked text shows them in zdiff3 style: base in the middle, what both sides agree on outside the markers.
 */
export function mergeTexts(base: string, ours: string, theirs: string): Merge {
  const regions = diff3MergeRegions(lines(ours), lines(base), lines(theirs))
  const output: string[] = []
  let isClean = true
  for (const region of regions) {
    if (region.stable) {
      output.push(...region.bufferContent)
    } else if (isSame(region.aContent, region.bContent)) {
      output.push(...region.aContent)
    } else {
      isClean = false
      output.push(...markConflict(region.aContent, region.oContent, region.bContent))
    }
  }
  const text = output.join('\n')
  return isClean ? { clean: true, text } : { clean: false, withMarkers: text }
}

const ours = '<<<<<<< yours'
const original = '||||||| generated before'
const theirs = '>>>>>>> generated now'

/** Whether somebody still has to choose in a text that `mergeTexts` marked. */
export function hasConflictMarkers(text: string): boolean {
  return lines(text).some((line) => [ours, original, theirs].includes(line.trimEnd()))
}

function markConflict(mine: readonly string[], base: readonly string[], now: readonly string[]): string[] {
  const shared = Math.min(mine.length, now.length)
  let head = 0
  while (head < shared && mine[head] === now[head]) head += 1
  let tail = 0
  while (tail < shared - head && mine.at(-1 - tail) === now.at(-1 - tail)) tail += 1
  return [
    ...mine.slice(0, head),
    ours,
    ...mine.slice(head, mine.length - tail),
    original,
    ...base,
    '=======',
    ...now.slice(head, now.length - tail),
    theirs,
    ...mine.slice(mine.length - tail),
  ]
}

function lines(text: string): string[] {
  return toLf(text).split('\n')
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, index) => line === other[index])
}
