import { ConflictsFound } from '../errors.ts'
import { readHostFile } from '../plan/host-files.ts'
import { fingerprintFile } from '../plan/journal.ts'
import type { FileChange } from '../plan/plan.ts'
import type { UndoRecord } from './record-shapes.ts'

/** The changes that put back what a record remembers. The lock file comes last, as it did on the way there. */
export async function changesBack(root: string, { entries }: UndoRecord): Promise<FileChange[]> {
  return Promise.all(entries.map(({ path, before }) => changeTo(root, path, before)))
}

/** Paths that are not as the transition left them: somebody wrote there since. */
export async function findEdited(root: string, { entries }: UndoRecord): Promise<string[]> {
  const now = await Promise.all(entries.map(({ path }) => fingerprintFile(root, path)))
  return entries.filter(({ after }, index) => now[index] !== after).map(({ path }) => path)
}

/** Going back must not end what somebody wrote. @throws {ConflictsFound} */
export function refuseEdited(paths: readonly string[]): void {
  if (paths.length === 0) return
  throw new ConflictsFound(
    'Nothing was written: these files were edited since, and undo would lose those edits. ' +
      `Commit them, then undo the change by hand.\n${paths.map((path) => `  ${path}`).join('\n')}`,
    paths,
  )
}

export async function changeTo(root: string, path: string, after: string | null): Promise<FileChange> {
  return { path, action: after === null ? 'delete' : 'write', before: await readHostFile(root, path), after }
}
