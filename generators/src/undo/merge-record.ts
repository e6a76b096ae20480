import { ConflictsFound, PreconditionFailed } from '../errors.ts'
import { readHostFile } from '../plan/host-files.ts'
import type { MergeRecord } from './record-shapes.ts'

/** There while files wait for their owner to settle what overlaps. */
export const mergeFile = '.sigra/merge.json'

export function formatMerge(record: MergeRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`
}

/** @returns `null` when nothing waits. @throws {PreconditionFailed} when the record is unreadable. */
export async function readMerge(root: string): Promise<MergeRecord | null> {
  const text = await readHostFile(root, mergeFile)
  if (text === null) return null
  const { parseMerge } = await import('./record-shapes.ts')
  const reading = parseMerge(text)
  if (reading.ok) return reading.value
  throw new PreconditionFailed(
    `${mergeFile} is damaged (${reading.problem}). Settle the files with conflict markers, then remove it.`,
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
