import { ConflictsFound } from '../errors.ts'
import { prepareUnmerged, writeEntries } from '../git/unmerged-entries.ts'
import { formatMerge, mergeFile, readMerge, refuseWaitingMerge } from '../undo/merge-record.ts'
import { formatUndo, undoEntries, undoFile } from '../undo/undo-record.ts'
import { diskOperations, type FileOperations } from './file-operations.ts'
import { readHostFile } from './host-files.ts'
import { readJournal, runJournal } from './journal.ts'
import { migrationAfter, writesOf, type FileChange, type Plan } from './plan.ts'
import { writeChanges } from './write-changes.ts'

export interface ApplyOptions {
  /** Tests interrupt these. @default the disk */
  files?: FileOperations
}

export interface Applied {
  /** Paths that were written or removed. */
  paths: readonly string[]
}

/**
 * Makes a plan true in one step, the lock file last. With it goes a record of what was there before (`undoLast`), and,
 * where files were written with conflict markers, one of what waits for its owner (`continueMerge`, `abortMerge`).
 * A run that is killed is finished by the next command (`resumeApply`).
 *
 * @throws {ConflictsFound} when the plan has conflicts, or a merge waits; nothing is written.
 * @throws {PreconditionFailed} when a file changed since the plan was made, or another run is under way.
 */
export async function applyPlan(plan: Plan, { files = diskOperations }: ApplyOptions = {}): Promise<Applied> {
  refuseConflicts(plan)
  await refuseWaitingMerge(plan.root)
  const writes = writesOf(plan)
  if (writes.length === 0) return { paths: [] }
  await writeChanges(plan.root, [...(await recordsOf(plan, writes)), ...writes], files)
  await markUnmerged(plan.root)
  return { paths: writes.map((change) => change.path) }
}

/**
 * Finishes a run that was interrupted. Call it before anything else: a plan made on half a tree is wrong.
 *
 * @returns The paths of that run, or `null` when there was none.
 * @throws {ConflictsFound} when a file was changed in between.
 */
export async function resumeApply(
  root: string,
  { files = diskOperations }: ApplyOptions = {},
): Promise<Applied | null> {
  const steps = await readJournal(root)
  if (steps === null) return null
  await runJournal(root, steps, files)
  if (steps.some(({ path }) => path === mergeFile)) await markUnmerged(root)
  const paths = steps.map((step) => step.path)
  return { paths: paths.filter((path) => path !== mergeFile && path !== undoFile) }
}

function refuseConflicts({ conflicts }: Plan): void {
  if (conflicts.length === 0) return
  const list = conflicts.map(({ path, reason }) => `  ${path}: ${reason}`).join('\n')
  throw new ConflictsFound(
    `Nothing was written: ${conflicts.length === 1 ? 'one file needs' : `${conflicts.length} files need`} your decision.\n${list}`,
    conflicts.map(({ path }) => path),
  )
}

/** A new app has nothing to go back to. */
async function recordsOf(plan: Plan, writes: readonly FileChange[]): Promise<FileChange[]> {
  const { root, from, to, merges } = plan
  if (from === null && to.app === 'created' && merges.length === 0) return []
  const undo = await recordChange(root, undoFile, formatUndo({ entries: undoEntries(writes) }))
  if (merges.length === 0) return [undo]
  const merge = formatMerge({
    paths: merges.map(({ path }) => path),
    index: (await prepareUnmerged(root, merges)) ?? [],
    migration: migrationAfter(from, to),
  })
  return [undo, await recordChange(root, mergeFile, merge)]
}

async function recordChange(root: string, path: string, after: string): Promise<FileChange> {
  return { path, action: 'write', before: await readHostFile(root, path), after }
}

/** As after a merge of its own: `git status` lists the files, and `git commit` waits for them. */
async function markUnmerged(root: string): Promise<void> {
  const merge = await readMerge(root)
  if (merge === null || merge.index.length === 0) return
  await writeEntries(
    root,
    merge.index.map(({ path, stages }) => ({ path, entries: stages })),
  )
}
