import { posix, win32 } from 'node:path'

// Whoever writes here decides what git or node runs next.
const FOREIGN = new Set(['.git', 'git~1', 'node_modules'])

/**
 * Whether a path stays below the folder it is read from, and out of what git and npm keep there, by its spelling alone:
 * relative, with `/`, without `..`. Asked of every path, computed or read from a file; where links lead to only the disk
 * knows (`resolveInside`).
 */
export function isInnerPath(path: string): boolean {
  if (posix.isAbsolute(path) || win32.parse(path).root !== '' || /[\0\\]/u.test(path)) return false
  return path.split('/').every((part) => {
    const name = nameOnDisk(part)
    return name !== '' && !FOREIGN.has(name)
  })
}

/**
 * The name a file system may take for this one: Windows leaves dots and spaces at the end out, and reads `.git::$DATA`
 * as `.git`; macOS and Windows know no case, and macOS passes over signs that nobody sees.
 */
function nameOnDisk(part: string): string {
  const [name = ''] = part.replace(/\p{Default_Ignorable_Code_Point}/gu, '').split(/(?<=.):/u)
  return name
    .replace(/[. ]+$/u, '')
    .normalize('NFC')
    .toLowerCase()
}
