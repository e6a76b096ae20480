import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeEdit, readEdits } from '../../../scripts/lib/guide-edits.ts'
import { joinTables, snapshotFile } from '../snapshot.ts'
import { sortTree, type Tree } from './tree.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))

export const playgroundFolder = join(repository, 'playground')

/** What it tells to change in generated files is done to the playground. */
const guide = join(repository, 'docs', 'multi-tenant-apps.md')

/** What the playground has of its own, beside generated files and in place of some. Nothing writes these: they stay. */
export const playgroundFiles: readonly string[] = [
  'app/entities/project.ts',
  'app/projects/find-project.server.ts',
  'app/projects/schemas.ts',
  'app/projects/words.ts',
  'app/routes/project.tsx',
  'app/routes/projects.tsx',
  'migrations/Migration20261203000000_projects.ts',
  'seed.ts',
  'tests/projects.test.ts',
]

/** The tables of these files, which the snapshot of the generated app does not have. */
const ownTables: ReadonlySet<string> = new Set(['projects'])

/**
 * The playground without its own files: the generated app as its owner has edited it.
 *
 * @throws {Error} for an edit that the guide shows of lines that are not there any more.
 */
export async function editPlayground(generated: Tree): Promise<Tree> {
  const tree = new Map(generated)
  for (const path of playgroundFiles) tree.delete(path)
  for (const edit of await readEdits(guide)) tree.set(edit.path, makeEdit(tree.get(edit.path) ?? '', edit))
  const present = await readFile(join(playgroundFolder, snapshotFile), 'utf8')
  tree.set(snapshotFile, joinTables(tree.get(snapshotFile) ?? '', present, ownTables))
  return sortTree(tree)
}
