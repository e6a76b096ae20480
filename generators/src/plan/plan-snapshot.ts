import { readdir } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { readConfigValue } from '../edits/config-object.ts'
import type { Draft } from './draft.ts'
import { ignoreMissing } from './host-files.ts'

const config = 'mikro-orm.config.ts'
const fixedName = '.snapshot.json'

/**
 * The snapshot a host's next migration is compared with follows its new, fixed name. Left behind, every table the
 * host has would be created again.
 */
export async function planSnapshot(draft: Draft, root: string): Promise<void> {
  const [before, after] = [await draft.disk(config), await draft.current(config)]
  if (before === null || after === null || before === after) return
  if (readConfigValue(before, ['migrations', 'snapshotName']) !== undefined) return

  const folder = folderOf(after)
  const names = (await readdir(join(root, folder)).catch(ignoreMissing)) ?? []
  const found = names.filter((name) => /^\.snapshot-.*\.json$/u.test(name))
  const target = posix.join(folder, fixedName)
  const [name] = found
  if (name === undefined || names.includes(fixedName)) return
  if (found.length > 1) {
    draft.notes.push(
      `Rename the snapshot of your newest migration to ${target}; there are ${found.join(', ')}.`,
    )
    return
  }
  const source = posix.join(folder, name)
  await draft.set(target, 'create', await draft.disk(source), `was ${source}`)
  await draft.set(source, 'delete', null, `is ${target} now`)
}

function folderOf(text: string): string {
  const [path, pathTs] = ['path', 'pathTs'].map((key) => readConfigValue(text, ['migrations', key]))
  const folder = typeof pathTs === 'string' ? pathTs : path
  return posix.normalize(typeof folder === 'string' ? folder : './migrations')
}
