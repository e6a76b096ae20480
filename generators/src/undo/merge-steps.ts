import { ConflictsFound, PreconditionFailed } from '../errors.ts'
import { addPaths, findUnmerged, writeEntries } from '../git/unmerged-entries.ts'
import { hasConflictMarkers } from '../merge.ts'
import { diskOperations } from '../plan/file-operations.ts'
import { readHostFile } from '../plan/host-files.ts'
import { fingerprintFile } from '../plan/journal.ts'
import type { FileChange } from '../plan/plan.ts'
import { writeChanges } from '../plan/write-changes.ts'
import { mergeFile, readMerge } from './merge-record.ts'
import type { MergeRecord, UndoEntry, UndoRecord } from './record-shapes.ts'
import { formatUndo, readUndo, undoFile } from './undo-record.ts'
import { changesBack, changeTo, findEdited, refuseEdited } from './way-back.ts'

/** Where a text goes that going back would otherwise end. */
const savedFolder = '.sigra/saved'

/**
 * Says that what overlapped is settled: git gets the files as they are now, and the transition counts as applied.
 *
 * @returns What waited, with the migration that is still to be made.
 * @throws {ConflictsFound} while markers are left.
 * @throws {PreconditionFailed} when nothing waits.
 */
export async function continueMerge(root: string): Promise<MergeRecord> {
  const { merge, undo } = await requireMerge(root)
  const open: string[] = []
  for (const path of merge.paths) {
    if (hasConflictMarkers((await readHostFile(root, path)) ?? '')) open.push(path)
  }
  if (open.length > 0) {
    const list = open.map((path) => `  ${path}`).join('\n')
    throw new ConflictsFound(`Conflict markers are left. Settle them, then run this again.\n${list}`, open)
  }
  await addPaths(root, await findUnmerged(root, merge.paths))
  const record = formatUndo(await withSettled(root, undo, merge.paths))
  const changes = [await changeTo(root, undoFile, record), await changeTo(root, mergeFile, null)]
  await writeChanges(root, changes, diskOperations)
  return merge
}

export interface Aborted {
  /** Files that are as before. */
  paths: readonly string[]
  /** Copies of what somebody had written between the markers. */
  saved: readonly string[]
}

/**
 * Takes back a transition that waits for its owner: every file and git's index are as before.
 *
 * @throws {ConflictsFound} when another file was edited since; nothing is written.
 * @throws {PreconditionFailed} when nothing waits.
 */
export async function abortMerge(root: string): Promise<Aborted> {
  const { merge, undo } = await requireMerge(root)
  const edited = await findEdited(root, undo)
  refuseEdited(edited.filter((path) => !merge.paths.includes(path)))
  const back = await changesBack(root, undo)
  const copies = await saveCopies(
    root,
    back.filter(({ path }) => edited.includes(path)),
  )
  const records = [await changeTo(root, undoFile, null), await changeTo(root, mergeFile, null)]
  await writeEntries(
    root,
    merge.index.map(({ path, former }) => ({ path, entries: former })),
  )
  await writeChanges(root, [...copies, ...back, ...records], diskOperations)
  return { paths: back.map(({ path }) => path), saved: copies.map(({ path }) => path) }
}

async function requireMerge(root: string): Promise<{ merge: MergeRecord; undo: UndoRecord }> {
  const [merge, undo] = [await readMerge(root), await readUndo(root)]
  if (merge !== null && undo !== null) return { merge, undo }
  throw new PreconditionFailed('No merge waits here: there is nothing to continue or to abort.')
}

/** What was settled by hand is what the transition came to: `undo` takes it back too. */
async function withSettled(root: string, undo: UndoRecord, paths: readonly string[]): Promise<UndoRecord> {
  const entries = undo.entries.map(async (entry): Promise<UndoEntry> => {
    return paths.includes(entry.path) ? { ...entry, after: await fingerprintFile(root, entry.path) } : entry
  })
  return { entries: await Promise.all(entries) }
}

async function saveCopies(root: string, changes: readonly FileChange[]): Promise<FileChange[]> {
  const copies: FileChange[] = []
  for (const { path, before } of changes) {
    if (before === null) continue
    copies.push({ path: await freePath(root, path), action: 'create', before: null, after: before })
  }
  return copies
}

async function freePath(root: string, path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const candidate = `${savedFolder}/${path}${number === 1 ? '' : `.${number}`}`
    if ((await readHostFile(root, candidate)) === null) return candidate
  }
}
