import { posix, win32 } from 'node:path'

/**
 * Whether a path stays below the folder it is read from, by its spelling alone: relative, with `/`, without `..`. Asked
 * of every path, computed or read from a file; where links lead to only the disk knows (`resolveInside`).
 */
export function isInnerPath(path: string): boolean {
  const isRelative = !posix.isAbsolute(path) && !win32.isAbsolute(path) && win32.parse(path).root === ''
  const parts = path.split('/')
  return (
    isRelative && !/[\0\\]/u.test(path) && parts.every((part) => part !== '' && part !== '.' && part !== '..')
  )
}
