import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { findClosedFolder } from '../postgres/closed-folder.ts'
import { findDatabaseUser } from '../postgres/system-user.ts'

const SHARED_FOLDER = '/var/lib/sigra/data'

export interface DataDirectory {
  path: string
  /** The folder that keeps the data out of the app, when there is one. */
  closedFolder: string | null
}

/**
 * Where the app's embedded database lives: in `.sigra/`. Only when root works in a folder that nobody else may enter
 * (root's home, say), where PostgreSQL, which never runs as root, could not reach it, in a place of the machine.
 */
export async function chooseDataDirectory(appRoot: string): Promise<DataDirectory> {
  const inside = join(appRoot, '.sigra', 'postgres')
  await mkdir(join(appRoot, '.sigra'), { recursive: true })
  const closedFolder = await findClosedFolder(inside, await findDatabaseUser())
  if (closedFolder === null) return { path: inside, closedFolder }

  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 })
  const mark = createHash('sha256').update(appRoot).digest('hex').slice(0, 12)
  return { path: join(SHARED_FOLDER, `${basename(appRoot)}-${mark}`), closedFolder }
}
