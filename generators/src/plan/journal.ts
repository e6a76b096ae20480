import { createHash } from 'node:crypto'
import { lstat, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConflictsFound, PreconditionFailed } from '../errors.ts'
import type { FileOperations } from './file-operations.ts'
import { checkInside, ignoreMissing } from './host-files.ts'

/** One step of a run: the file at `path` goes from one content to another. `null`: no such file. */
export interface JournalStep {
  path: string
  /** File in the staging folder that holds the new text; `null` when the file goes away. */
  staged: string | null
  before: string | null
  after: string | null
}

/** Inside the app, so that moving a file into place is one atomic rename on one file system. */
export const stagingFolder = '.sigra/apply'
const journalFile = 'journal.json'

/** From the moment this returns, the run will be finished, if need be by a later command. */
export async function writeJournal(
  root: string,
  steps: readonly JournalStep[],
  files: FileOperations,
): Promise<void> {
  const folder = join(root, stagingFolder)
  await files.write(join(folder, 'journal.tmp'), JSON.stringify({ steps }))
  await files.move(join(folder, 'journal.tmp'), join(folder, journalFile))
}

/** The steps of a run that was interrupted; `null` when there is none. @throws {PreconditionFailed} when unreadable. */
export async function readJournal(root: string): Promise<readonly JournalStep[] | null> {
  const text = await readFile(join(root, stagingFolder, journalFile), 'utf8').catch(ignoreMissing)
  if (text === null) return null
  const steps = parseSteps(text)
  if (steps !== null) return steps
  throw new PreconditionFailed(
    `${stagingFolder}/${journalFile} is damaged. Remove the folder ${stagingFolder} and run again.`,
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
  for (const step of steps) await runStep(root, step, files)
  await files.remove(join(root, stagingFolder, journalFile))
  await clearStaging(root, files)
}

async function clearStaging(root: string, files: FileOperations): Promise<void> {
  await files.removeTree(join(root, stagingFolder))
  await files.removeEmptyFolder(join(root, dirname(stagingFolder)))
}

/** Fingerprint of the bytes of a file; `null` when there is none. */
export async function fingerprintFile(root: string, path: string): Promise<string | null> {
  const file = join(root, path)
  const found = await lstat(file).catch(ignoreMissing)
  if (found === null) return null
  return found.isFile() ? fingerprint(await readFile(file)) : 'not a file'
}

export function fingerprint(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url')
}

async function runStep(root: string, step: JournalStep, files: FileOperations): Promise<void> {
  await checkInside(root, step.path)
  const now = await fingerprintFile(root, step.path)
  if (now === step.after) return
  if (now !== step.before) {
    throw new ConflictsFound(
      `${step.path} was changed while Sigra was writing. Your text stays. Remove ${stagingFolder} to give up the ` +
        'interrupted run, or put the file back and run again to finish it.',
      [step.path],
    )
  }
  const target = join(root, step.path)
  if (step.staged === null) {
    await files.remove(target)
    await removeEmptyParents(root, step.path, files)
  } else {
    await files.makeFolder(dirname(target))
    await files.move(join(root, stagingFolder, step.staged), target)
  }
}

async function removeEmptyParents(root: string, path: string, files: FileOperations): Promise<void> {
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    await files.removeEmptyFolder(join(root, folder))
  }
}

function parseSteps(text: string): readonly JournalStep[] | null {
  try {
    const value: unknown = JSON.parse(text)
    const steps = typeof value === 'object' && value !== null && 'steps' in value ? value.steps : null
    return Array.isArray(steps) && steps.every(isStep) ? steps : null
  } catch {
    return null
  }
}

function isStep(value: unknown): value is JournalStep {
  if (typeof value !== 'object' || value === null) return false
  const isTextOrNull = (entry: unknown) => entry === null || typeof entry === 'string'
  return (
    'path' in value &&
    typeof value.path === 'string' &&
    'staged' in value &&
    isTextOrNull(value.staged) &&
    'before' in value &&
    isTextOrNull(value.before) &&
    'after' in value &&
    isTextOrNull(value.after)
  )
}
