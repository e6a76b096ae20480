import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConflictsFound, PreconditionFailed } from '../errors.ts'
import { diskOperations, type FileOperations } from './file-operations.ts'
import { checkInside, ignoreMissing } from './host-files.ts'
import {
  fingerprint,
  fingerprintFile,
  readJournal,
  runJournal,
  stagingFolder,
  writeJournal,
  type JournalStep,
} from './journal.ts'
import { writesOf, type FileChange, type Plan } from './plan.ts'

export interface ApplyOptions {
  /** Tests interrupt these. @default the disk */
  files?: FileOperations
}

export interface Applied {
  /** Paths that were written or removed. */
  paths: readonly string[]
}

/**
 * Makes a plan true in one step: new texts are staged, a journal says what goes where, then each file is moved into
 * place, the lock file last. Killed before the journal is there, the old tree is untouched; killed after, the next
 * command finishes the run (`resumeApply`).
 *
 * @throws {ConflictsFound} when the plan has conflicts; nothing is written.
 * @throws {PreconditionFailed} when a file changed since the plan was made, or another run is under way.
 */
export async function applyPlan(plan: Plan, { files = diskOperations }: ApplyOptions = {}): Promise<Applied> {
  refuseConflicts(plan)
  const writes = writesOf(plan)
  if (writes.length === 0) return { paths: [] }
  await checkUnchanged(plan.root, writes)
  await claimStaging(plan.root, files)

  const steps: JournalStep[] = []
  for (const [index, change] of writes.entries()) {
    steps.push(await stage(plan.root, change, String(index), files))
  }
  await writeJournal(plan.root, steps, files)
  await runJournal(plan.root, steps, files)
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
  return { paths: steps.map((step) => step.path) }
}

function refuseConflicts({ conflicts }: Plan): void {
  if (conflicts.length === 0) return
  const list = conflicts.map(({ path, reason }) => `  ${path}: ${reason}`).join('\n')
  throw new ConflictsFound(
    `Nothing was written: ${conflicts.length === 1 ? 'one file needs' : `${conflicts.length} files need`} your decision.\n${list}`,
    conflicts.map(({ path }) => path),
  )
}

async function checkUnchanged(root: string, writes: readonly FileChange[]): Promise<void> {
  for (const { path, before } of writes) {
    await checkInside(root, path)
    const now = await fingerprintFile(root, path)
    if (now === (before === null ? null : fingerprint(before))) continue
    throw new PreconditionFailed(`${path} changed while the plan was made. Nothing was written; run again.`)
  }
}

async function claimStaging(root: string, files: FileOperations): Promise<void> {
  const folder = join(root, stagingFolder)
  await checkInside(root, stagingFolder)
  if ((await readJournal(root)) !== null) {
    throw new PreconditionFailed('An earlier run was interrupted and has to be finished first.')
  }
  const owner = Number(await readFile(join(folder, 'owner'), 'utf8').catch(ignoreMissing))
  if (owner > 0 && owner !== process.pid && isAlive(owner)) {
    throw new PreconditionFailed(
      `Another Sigra command (process ${owner}) is writing to this app. Wait for it to end.`,
    )
  }
  await files.removeTree(folder)
  await files.makeFolder(join(root, '.sigra'))
  await files.claimFolder(folder)
  await files.write(join(folder, 'owner'), String(process.pid))
}

async function stage(
  root: string,
  change: FileChange,
  name: string,
  files: FileOperations,
): Promise<JournalStep> {
  const { path, before, after } = change
  if (after !== null) await files.write(join(root, stagingFolder, name), after, join(root, path))
  return {
    path,
    staged: after === null ? null : name,
    before: before === null ? null : fingerprint(before),
    after: after === null ? null : fingerprint(after),
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
