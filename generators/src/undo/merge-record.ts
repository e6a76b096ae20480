import { ConflictsFound, PreconditionFailed } from '../errors.ts'
import type { UnmergedPath } from '../git/unmerged-entries.ts'
import { readHostFile } from '../plan/host-files.ts'
import { isRecord } from './record-shape.ts'

/** There while files wait for their owner to settle what overlaps. */
export const mergeFile = '.sigra/merge.json'

export interface MergeRecord {
  /** Files that were written with markers. */
  paths: readonly string[]
  /** What git's index held for them, and holds now; empty outside a repository. */
  index: readonly UnmergedPath[]
  /** What is left to do about the database once they are settled. */
  migration: string | null
}

export function formatMerge(record: MergeRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`
}

/** @returns `null` when nothing waits. @throws {PreconditionFailed} when the record is unreadable. */
export async function readMerge(root: string): Promise<MergeRecord | null> {
  const text = await readHostFile(root, mergeFile)
  if (text === null) return null
  const record = parseMerge(text)
  if (record !== null) return record
  throw new PreconditionFailed(
    `${mergeFile} is damaged. Settle the files with conflict markers, then remove it.`,
  )
}

/** Nothing else is applied on top of what is not settled. @throws {ConflictsFound} */
export async function refuseWaitingMerge(root: string): Promise<void> {
  const record = await readMerge(root)
  if (record === null) return
  throw new ConflictsFound(
    'A merge waits for you. Settle what is between the markers, then run `sigra apply --continue`; ' +
      `or take everything back with \`sigra apply --abort\`.\n${record.paths.map((path) => `  ${path}`).join('\n')}`,
    record.paths,
  )
}

function parseMerge(text: string): MergeRecord | null {
  try {
    const value: unknown = JSON.parse(text)
    return isMerge(value) ? value : null
  } catch {
    return null
  }
}

function isMerge(value: unknown): value is MergeRecord {
  if (!isRecord(value)) return false
  const { paths, index, migration } = value
  const isMigration = migration === null || typeof migration === 'string'
  return (
    isMigration && Array.isArray(paths) && paths.every(isText) && Array.isArray(index) && index.every(isPath)
  )
}

function isPath(value: unknown): boolean {
  return isRecord(value) && isText(value['path']) && isEntries(value['former']) && isEntries(value['stages'])
}

function isEntries(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (entry) =>
        isRecord(entry) &&
        isText(entry['mode']) &&
        isText(entry['object']) &&
        Number.isInteger(entry['stage']),
    )
  )
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
