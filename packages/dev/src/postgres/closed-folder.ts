import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { RunAs } from './run-program.ts'

const OWNER_ENTERS = 0o100
const GROUP_ENTERS = 0o010
const OTHERS_ENTER = 0o001

/** The first folder above `path` that the given user may not enter, or `null` when the way is free. */
export async function findClosedFolder(path: string, as: RunAs): Promise<string | null> {
  if (as.uid === undefined) return null
  const folders: string[] = []
  for (let folder = dirname(resolve(path)); !folders.includes(folder); folder = dirname(folder))
    folders.push(folder)

  for (const folder of folders.toReversed()) {
    const { mode, uid, gid } = await stat(folder)
    const needed = uid === as.uid ? OWNER_ENTERS : gid === as.gid ? GROUP_ENTERS : OTHERS_ENTER
    if ((mode & needed) === 0) return folder
  }
  return null
}
