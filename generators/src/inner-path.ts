import { posix, win32 } from 'node:path'

/**
 * Whether a path stays below the folder it is read from, by its spelling alone: relative, with `/`, without `..`. Asked
 * of every path, computed or read from a file; where links lead to only the disk knows (`resolveInside`).
 */
export function isInnerPath(path: string): boolean {
  if (posix.isAbsolute(path) || win32.parse(path).root !== '' || /[\0\\]/u.test(path)) return false
  return path.split('/').every((part) => !['', '.', '..'].includes(part))
}
