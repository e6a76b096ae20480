import { lstat, readFile, realpath } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { PreconditionFailed } from '../errors.ts'

/**
 * Reads a file of the host as text; `null` when there is none.
 *
 * @throws {PreconditionFailed} for whatever cannot be rewritten safely: links, folders, binary files, paths that
 *   lead out of the root.
 */
export async function readHostFile(root: string, path: string): Promise<string | null> {
  await checkInside(root, path)
  const file = join(root, path)
  const found = await lstat(file).catch(ignoreMissing)
  if (found === null) return null
  if (!found.isFile()) {
    throw new PreconditionFailed(
      `${path} is not an ordinary file. Generated text is not written through links or over folders.`,
    )
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(file))
  } catch {
    throw new PreconditionFailed(`${path} is not UTF-8 text. Move it out of the way and try again.`)
  }
}

/** Nothing outside the root is ever read or written, not even through a linked folder. @throws {PreconditionFailed} */
export async function checkInside(root: string, path: string): Promise<void> {
  const outside = new PreconditionFailed(`${path} leads out of the app's folder. Nothing was written.`)
  const inner = relative(root, join(root, path))
  if (inner === '' || inner.startsWith('..') || path.startsWith('/')) throw outside

  const realRoot = await realpath(root).catch(ignoreMissing)
  if (realRoot === null) return
  let folder = dirname(join(root, path))
  let realFolder = await realpath(folder).catch(ignoreMissing)
  while (realFolder === null) {
    folder = dirname(folder)
    realFolder = await realpath(folder).catch(ignoreMissing)
  }
  if (realFolder !== realRoot && !realFolder.startsWith(realRoot + sep)) throw outside
}

/** For `.catch`: a missing file is `null`, anything else goes on. */
export function ignoreMissing(error: unknown): null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return null
  throw error
}
