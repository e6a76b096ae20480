import { readdir, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { checkExistingApp, PreconditionFailed, refuseFolderForVite } from '@sigra/generators'

/** Where the work happens, and what is there already. */
export interface Target {
  /** Absolute. */
  root: string
  app: 'created' | 'existing'
  appName: string
}

/**
 * What may lie in a directory that still counts as empty: what a new repository begins with, and what editors and systems
 * leave behind. All of it stays as it is.
 */
const ignorable =
  /^(\.git|\.github|\.gitkeep|\.gitignore|\.gitattributes|\.editorconfig|\.DS_Store|Thumbs\.db|\.idea|\.vscode|\.sigra|(readme|licen[cs]e|copying|notice|code_of_conduct|contributing|security)(\.[\w-]+)*)$/iu

/**
 * Looks at the directory: new or empty is for a new app, `.` inside a React Router app is for an install into it.
 *
 * @throws {PreconditionFailed} when it is neither.
 */
export async function findTarget(directory: string, cwd: string): Promise<Target> {
  const root = resolve(cwd, directory)
  if ((await stat(cwd).catch(nullWhereMissing)) === null) {
    throw new PreconditionFailed(`--cwd names ${cwd}, which does not exist.`)
  }
  refuseFolderForVite(root)
  const entries = await listDirectory(root)
  if (entries.every((entry) => ignorable.test(entry))) {
    return { root, app: 'created', appName: readableName(basename(root)) }
  }
  if (root !== resolve(cwd)) {
    throw new PreconditionFailed(
      `${directory} is not empty. Name a new directory; to add accounts to the React Router app in it, run this inside with \`.\` as directory.`,
    )
  }
  const name = await checkExistingApp(root)
  return { root, app: 'existing', appName: readableName(name.split('/').at(-1) ?? name) }
}

/** `my-app` → `My App`. */
export function readableName(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  const title = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
  return title.slice(0, 60).trim() || 'App'
}

async function listDirectory(root: string): Promise<string[]> {
  const found = await stat(root).catch(nullWhereMissing)
  if (found === null) return []
  if (!found.isDirectory()) throw new PreconditionFailed(`${root} is a file. Name a directory.`)
  return readdir(root)
}

function nullWhereMissing(error: unknown): null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return null
  if (code === 'ENOTDIR') throw new PreconditionFailed('A part of that path is a file. Name a directory.')
  throw error
}
