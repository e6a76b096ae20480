import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Texts of an app by path, sorted by path. */
export type Tree = ReadonlyMap<string, string>

export function sortTree(files: Iterable<[string, string]>): Tree {
  return new Map([...files].sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** Writes files into a folder, beside what is there. */
export async function writeTree(root: string, tree: Tree): Promise<void> {
  for (const [path, text] of tree) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}
