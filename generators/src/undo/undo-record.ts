import { PreconditionFailed } from '../errors.ts'
import { fingerprint } from '../plan/journal.ts'
import { readHostFile } from '../plan/host-files.ts'
import type { FileChange } from '../plan/plan.ts'
import type { UndoEntry, UndoRecord } from './record-shapes.ts'

/** Beside the database of development, and like it not committed: it is about this working tree. */
export const undoFile = '.sigra/undo.json'

/** What a transition will have done. */
export function undoEntries(changes: readonly FileChange[]): UndoEntry[] {
  return changes.map(({ path, before, after }) => ({
    path,
    before,
    after: after === null ? null : fingerprint(after),
  }))
}

export function formatUndo(record: UndoRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`
}

/** @returns `null` when nothing was applied here. @throws {PreconditionFailed} when the record is unreadable. */
export async function readUndo(root: string): Promise<UndoRecord | null> {
  const text = await readHostFile(root, undoFile)
  if (text === null) return null
  const { parseUndo } = await import('./record-shapes.ts')
  const reading = parseUndo(text)
  if (reading.ok) return reading.value
  throw new PreconditionFailed(
    `${undoFile} is damaged (${reading.problem}). Remove it; version control has what was before.`,
  )
}
