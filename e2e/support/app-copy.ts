import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

const root = join(import.meta.dirname, '../..')

export interface AppCopy {
  root: string
  edit(path: string, change: (text: string) => string): Promise<void>
  write(path: string, text: string): Promise<void>
  remove(): Promise<void>
}

/**
 * A copy of an app of this repository that may be changed, inside the repository: its packages are found there.
 *
 * @param source `playground`, or a folder of fixtures/hosts.
 * @param name Of the copy's folder, where several are made of one app. @default that of the source
 */
export async function copyApp(source: string, name = basename(source)): Promise<AppCopy> {
  const from = join(root, source)
  const to = join(import.meta.dirname, `../.app-${name}`)
  await rm(to, { recursive: true, force: true })
  const left = new Set(['node_modules', 'build', '.react-router', '.sigra', '.env'])
  await cp(from, to, { recursive: true, filter: (path) => path === from || !left.has(basename(path)) })
  const copy: AppCopy = {
    root: to,
    write: (path, text) => writeFile(join(to, path), text),
    edit: async (path, change) => copy.write(path, change(await readFile(join(to, path), 'utf8'))),
    remove: () => rm(to, { recursive: true, force: true }),
  }
  return copy
}
