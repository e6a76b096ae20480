import { PreconditionFailed } from '../errors.ts'
import { fingerprint } from '../plan/journal.ts'
import { readHostFile } from '../plan/host-files.ts'
import type { FileChange } from '../plan/plan.ts'
import { isRecord, isTextOrNull } from './record-shape.ts'

/** Beside the database of development, and like it not committed: it is about this working tree. */
export const undoFile = '.sigra/undo.json'

/** The last transition, as far as it takes to go back. */
export interface UndoRecord {
  entries: readonly UndoEntry[]
}

export interface UndoEntry {
  path: string
  /** Text before; `null`: no such file. */
  before: string | null
  /** Fingerprint afterwards; `null`: no such file. Whatever differs from it was written by somebody since. */
  after: string | null
}

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
  const record = parseUndo(text)
  if (record !== null) return record
  throw new PreconditionFailed(`${undoFile} is damaged. Remove it; version control has what was before.`)
}

function parseUndo(text: string): UndoRecord | null {
  try {
    const value: unknown = JSON.parse(text)
    const entries = isRecord(value) ? value['entries'] : null
    return Array.isArray(entries) && entries.every(isEntry) ? { entries } : null
  } catch {
    return null
  }
}

function isEntry(value: unknown): value is UndoEntry {
  return (
    isRecord(value) &&
    typeof value['path'] === 'string' &&
    isTextOrNull(value['before']) &&
    isTextOrNull(value['after'])
  )
}
