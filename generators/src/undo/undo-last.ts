import { PreconditionFailed } from '../errors.ts'
import { diskOperations } from '../plan/file-operations.ts'
import { byPathLockLast, type FileChange } from '../plan/plan.ts'
import { writeChanges } from '../plan/write-changes.ts'
import { refuseWaitingMerge } from './merge-record.ts'
import type { UndoRecord } from './record-shapes.ts'
import { formatUndo, readUndo, undoEntries, undoFile } from './undo-record.ts'
import { changesBack, changeTo, findEdited, refuseEdited } from './way-back.ts'

/** The way back from the last transition, worked out but not gone. */
export interface UndoPlan {
  root: string
  /** What each file becomes. */
  changes: readonly FileChange[]
  /** Migrations that were made with it and go with it. */
  migrations: readonly string[]
}

/**
 * Works out how to take the last applied transition back. Reads the disk, writes nothing.
 *
 * @throws {PreconditionFailed} when nothing was applied in this working tree.
 * @throws {ConflictsFound} when a file was edited since, or a merge waits.
 */
export async function planUndo(root: string): Promise<UndoPlan> {
  await refuseWaitingMerge(root)
  const record = await readUndo(root)
  if (record === null) {
    throw new PreconditionFailed(
      'There is nothing to undo: the last change was not made in this working tree, or was undone already.',
    )
  }
  refuseEdited(await findEdited(root, record))
  return { root, changes: await changesBack(root, record), migrations: migrationsOf(record) }
}

/** Goes the way back. Once: there is no undo of an undo. @throws {PreconditionFailed} as `applyPlan`. */
export async function applyUndo({ root, changes }: UndoPlan): Promise<void> {
  await writeChanges(root, [await changeTo(root, undoFile, null), ...changes], diskOperations)
}

/**
 * Adds what a command did after its transition, a migration that it made: going back takes that along.
 *
 * @param changes With the text each file had before.
 */
export async function extendUndo(root: string, changes: readonly FileChange[]): Promise<void> {
  const record = await readUndo(root)
  if (record === null || changes.length === 0) return
  const entries = new Map(record.entries.map((entry) => [entry.path, entry]))
  for (const { path, before, after } of undoEntries(changes)) {
    const known = entries.get(path)
    entries.set(path, { path, before: known ? known.before : before, after })
  }
  const text = formatUndo({ entries: [...entries.values()].sort(byPathLockLast) })
  await writeChanges(root, [await changeTo(root, undoFile, text)], diskOperations)
}

function migrationsOf({ entries }: UndoRecord): string[] {
  const made = entries.filter(({ before, after }) => before === null && after !== null)
  return made.map(({ path }) => path).filter((path) => /(^|\/)Migration\d+[^/]*\.[jt]s$/u.test(path))
}
