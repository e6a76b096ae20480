import { lstat, readFile, realpath } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { withoutMark } from '../byte-order-mark.ts'
import { PreconditionFailed } from '../errors.ts'
import { isInnerPath } from '../inner-path.ts'

/**
 * Reads a file of the host as text, byte for byte; `null` when there is none.
 *
 * @throws {PreconditionFailed} for whatever cannot be rewritten safely: links, folders, binary files, paths that
 *   lead out of the root.
 */
export async function readHostFile(root: string, path: string): Promise<string | null> {
  const file = await resolveInside(root, path)
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

/** What a file of the host says, for those who never write it back. @throws {PreconditionFailed} as `readHostFile`. */
export async function readHostText(root: string, path: string): Promise<string | null> {
  const text = await readHostFile(root, path)
  return text === null ? null : withoutMark(text)
}

/**
 * Where a file of the host is. Nothing outside the root is ever read or written, not even through a linked folder: the
 * one way from a path, wherever it comes from, to a place on the disk.
 *
 * @throws {PreconditionFailed}
 */
export async function resolveInside(root: string, path: string): Promise<string> {
  const outside = new PreconditionFailed(`${path} leads out of the app's folder. Nothing was written.`)
  if (!isInnerPath(path)) throw outside

  const place = join(root, path)
  const realRoot = await realpath(root).catch(ignoreMissing)
  if (realRoot === null) return place
  let folder = dirname(place)
  let realFolder = await realpath(folder).catch(ignoreMissing)
  while (realFolder === null) {
    folder = dirname(folder)
    realFolder = await realpath(folder).catch(ignoreMissing)
  }
  if (realFolder !== realRoot && !realFolder.startsWith(realRoot + sep)) throw outside
  return place
}

/** For `.catch`: a missing file is `null`, anything else goes on. */
export function ignoreMissing(error: unknown): null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return null
  throw error
}
