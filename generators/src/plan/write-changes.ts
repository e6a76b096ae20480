import { dirname } from 'node:path'
import { PreconditionFailed } from '../errors.ts'
import type { FileOperations } from './file-operations.ts'
import { readHostFile, resolveInside } from './host-files.ts'
import type { JournalStep } from './journal-shape.ts'
import {
  fingerprint,
  fingerprintFile,
  readJournal,
  runJournal,
  stagedPath,
  stagingFolder,
  writeJournal,
} from './journal.ts'
import type { FileChange } from './plan.ts'

/** Holds the id of the process that writes. */
const ownerFile = `${stagingFolder}/owner`

/**
 * Makes changes true in one step: new texts are staged, a journal says what goes where, then each file is moved into
 * place, in order. Killed before the journal is there, the old tree is untouched; killed after, `resumeApply`
 * finishes the run.
 *
 * @throws {PreconditionFailed} when a file is not as it was when the change was worked out, or another run is under way.
 */
export async function writeChanges(
  root: string,
  changes: readonly FileChange[],
  files: FileOperations,
): Promise<void> {
  await checkUnchanged(root, changes)
  await claimStaging(root, files)
  const steps: JournalStep[] = []
  for (const [index, change] of changes.entries()) {
    steps.push(await stage(root, change, index, files))
  }
  await writeJournal(root, steps, files)
  await runJournal(root, steps, files)
}

async function checkUnchanged(root: string, changes: readonly FileChange[]): Promise<void> {
  for (const { path, before } of changes) {
    const now = await fingerprintFile(root, path)
    if (now === (before === null ? null : fingerprint(before))) continue
    throw new PreconditionFailed(`${path} changed while the plan was made. Nothing was written; run again.`)
  }
}

async function claimStaging(root: string, files: FileOperations): Promise<void> {
  const folder = await resolveInside(root, stagingFolder)
  if ((await readJournal(root)) !== null) {
    throw new PreconditionFailed('An earlier run was interrupted and has to be finished first.')
  }
  const owner = Number(await readHostFile(root, ownerFile))
  if (owner > 0 && owner !== process.pid && isAlive(owner)) {
    throw new PreconditionFailed(
      `Another Sigra command (process ${owner}) is writing to this app. Wait for it to end.`,
    )
  }
  await files.removeTree(folder)
  await files.makeFolder(dirname(folder))
  await files.claimFolder(folder)
  await files.write(await resolveInside(root, ownerFile), String(process.pid))
}

async function stage(
  root: string,
  change: FileChange,
  number: number,
  files: FileOperations,
): Promise<JournalStep> {
  const { path, before, after } = change
  if (after !== null) {
    await files.write(await resolveInside(root, stagedPath(number)), after, await resolveInside(root, path))
  }
  return {
    path,
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
