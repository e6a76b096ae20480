import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Where the app's owner keeps a file that was generated, and whether it was. */
export async function findOwnFile(root: string, path: string): Promise<{ path: string; isOurs: boolean }> {
  if (!existsSync(join(root, 'sigra.lock.json'))) return { path, isOurs: false }
  const { readProject } = await import('@sigra/generators')
  const { lock } = await readProject(root)
  return { path: lock.moved[path] ?? path, isOurs: Object.hasOwn(lock.files, path) }
}
