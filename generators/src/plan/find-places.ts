import { basename, extname } from 'node:path'
import { hashText } from '../hash.ts'
import type { Lock } from '../lock-file.ts'
import type { RenderedFile } from '../render.ts'
import type { Draft } from './draft.ts'
import { listFiles } from './list-files.ts'

/** Where generated files are that their owner moved, by the path they were generated at. */
export interface Places {
  moved: ReadonlyMap<string, string>
  /** Files that may be in more than one place; nobody but the owner can tell. */
  ties: ReadonlyMap<string, readonly string[]>
}

/** Of the lines of two texts of one name. Templates among each other reach 0.67, but under other names. */
const LEAST_SIMILARITY = 0.6

/**
 * Looks for generated files that are not where they were generated: at the place the lock file remembers, else a file
 * with the pristine text, else one of the same name that is mostly made of it.
 *
 * @param base The pristine texts by path.
 */
export async function findPlaces(
  draft: Draft,
  root: string,
  lock: Lock,
  base: ReadonlyMap<string, RenderedFile>,
): Promise<Places> {
  const moved = new Map<string, string>()
  const ties = new Map<string, readonly string[]>()
  const missing: string[] = []
  for (const path of Object.keys(lock.files)) {
    const place = lock.moved[path] ?? path
    if ((await draft.disk(place)) === null) missing.push(path)
    else if (place !== path) moved.set(path, place)
  }
  const sought = missing.filter((path) => !lock.deleted.includes(path))
  if (sought.length === 0) return { moved, ties }

  const known = new Set([...Object.keys(lock.files), ...base.keys(), ...moved.values()])
  const others = (await listFiles(root)).filter((path) => !known.has(path))
  for (const path of sought) {
    const found = await findCandidates(
      draft,
      path,
      others,
      lock.files[path]?.hash ?? '',
      base.get(path)?.text ?? '',
    )
    const free = found.filter((place) => ![...moved.values()].includes(place))
    const [place] = free
    if (place !== undefined && free.length === 1) moved.set(path, place)
    else if (free.length > 1) ties.set(path, free)
  }
  return { moved, ties }
}

async function findCandidates(
  draft: Draft,
  path: string,
  others: readonly string[],
  hash: string,
  pristine: string,
): Promise<string[]> {
  const alike: string[] = []
  const similar: string[] = []
  for (const place of others.filter((other) => extname(other) === extname(path))) {
    const text = await draft.disk(place).catch(() => null) // a link or no text: nothing of ours
    if (text === null) continue
    if (hashText(text) === hash) alike.push(place)
    else if (basename(place) === basename(path) && similarity(text, pristine) >= LEAST_SIMILARITY)
      similar.push(place)
  }
  return alike.length > 0 ? alike : similar
}

/** How much of both texts is the same, by lines: 0 nothing, 1 everything. */
export function similarity(one: string, other: string): number {
  const [lines, left] = [linesOf(one), linesOf(other)]
  const total = lines.length + left.length
  const common = lines.filter((line) => {
    const at = left.indexOf(line)
    if (at !== -1) left.splice(at, 1)
    return at !== -1
  })
  return total === 0 ? 0 : (2 * common.length) / total
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
