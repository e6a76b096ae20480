import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { runGit } from '../git/run-git.ts'

/** The files of an app that are its owner's: those git knows or would take, else all but what is built or installed. */
export async function listFiles(root: string): Promise<readonly string[]> {
  const listed = await runGit(root, ['ls-files', '--cached', '--others', '--exclude-standard', '-z'])
  if (listed !== null) return [...new Set(listed.split('\0'))].filter((path) => path !== '')
  return walkFolder(root, root)
}

async function walkFolder(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name)
    if (entry.isFile()) return [relative(root, path).split(sep).join('/')]
    const isOwners = entry.isDirectory() && !entry.name.startsWith('.') && !installed.has(entry.name)
    return isOwners ? walkFolder(root, path) : []
  })
  return (await Promise.all(found)).flat()
}

const installed: ReadonlySet<string> = new Set(['node_modules', 'build', 'dist'])
