import { createHash } from 'node:crypto'
import { lstat, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConflictsFound, PreconditionFailed } from '../errors.ts'
import type { FileOperations } from './file-operations.ts'
import { ignoreMissing, readHostFile, resolveInside } from './host-files.ts'
import type { JournalStep } from './journal-shape.ts'

/** Inside the app, so that moving a file into place is one atomic rename on one file system. */
export const stagingFolder = '.sigra/apply'
const journalFile = `${stagingFolder}/journal.json`

/** Where the new text of a step waits, from the root of the app. */
export function stagedPath(step: number): string {
  return `${stagingFolder}/${step}`
}

/** From the moment this returns, the run will be finished, if need be by a later command. */
export async function writeJournal(
  root: string,
  steps: readonly JournalStep[],
  files: FileOperations,
): Promise<void> {
  const draft = await resolveInside(root, `${stagingFolder}/journal.tmp`)
  await files.write(draft, JSON.stringify({ steps }))
  await files.move(draft, await resolveInside(root, journalFile))
}

/** The steps of a run that was interrupted; `null` when there is none. @throws {PreconditionFailed} when unreadable. */
export async function readJournal(root: string): Promise<readonly JournalStep[] | null> {
  const text = await readHostFile(root, journalFile)
  if (text === null) return null
  const { parseJournal } = await import('./journal-shape.ts')
  const reading = parseJournal(text)
  if (reading.ok) return reading.value.steps
  throw new PreconditionFailed(
    `${journalFile} is damaged (${reading.problem}). Remove the folder ${stagingFolder} and run again.`,
  )
}

/**
 * Makes every step that is not made yet, then forgets the journal. Can be interrupted anywhere and called again.
 *
 * @throws {ConflictsFound} when a file was changed by somebody else in between; their text stays.
 */
export async function runJournal(
  root: string,
  steps: readonly JournalStep[],
  files: FileOperations,
): Promise<void> {
  for (const [number, step] of steps.entries()) await runStep(root, number, step, files)
  await files.remove(await resolveInside(root, journalFile))
  await clearStaging(root, files)
}

async function clearStaging(root: string, files: FileOperations): Promise<void> {
  await files.removeTree(await resolveInside(root, stagingFolder))
  await files.removeEmptyFolder(await resolveInside(root, dirname(stagingFolder)))
}

/** Fingerprint of the bytes of a file; `null` when there is none. */
export async function fingerprintFile(root: string, path: string): Promise<string | null> {
  const file = await resolveInside(root, path)
  const found = await lstat(file).catch(ignoreMissing)
  if (found === null) return null
  return found.isFile() ? fingerprint(await readFile(file)) : 'not a file'
}

export function fingerprint(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url')
}

async function runStep(
  root: string,
  number: number,
  step: JournalStep,
  files: FileOperations,
): Promise<void> {
  const target = await resolveInside(root, step.path)
  const now = await fingerprintFile(root, step.path)
  if (now === step.after) return
  if (now !== step.before) {
    throw new ConflictsFound(
      `${step.path} was changed while Sigra was writing. Your text stays. Remove ${stagingFolder} to give up the ` +
        'interrupted run, or put the file back and run again to finish it.',
      [step.path],
    )
  }
  if (step.after === null) {
    await files.remove(target)
    await removeEmptyParents(root, step.path, files)
  } else {
    const staged = stagedPath(number)
    await refuseForeign(root, staged, step.after)
    await files.makeFolder(dirname(target))
    await files.move(await resolveInside(root, staged), target)
  }
}

/** What is moved into place is the text that was staged: a link or another text that lies there is somebody else's. */
async function refuseForeign(root: string, staged: string, after: string): Promise<void> {
  if ((await fingerprintFile(root, staged)) === after) return
  throw new PreconditionFailed(
    `${staged} is not what Sigra put there. Remove the folder ${stagingFolder} and run again.`,
  )
}

async function removeEmptyParents(root: string, path: string, files: FileOperations): Promise<void> {
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    await files.removeEmptyFolder(await resolveInside(root, folder))
  }
}
