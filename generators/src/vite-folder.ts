import { PreconditionFailed } from './errors.ts'

/**
 * Vite cuts a path off at `#` and at `?`, and finds nothing of an app below such a folder: said before anything is made
 * or started there.
 *
 * @throws {PreconditionFailed} naming the folder.
 */
export function refuseFolderForVite(root: string): void {
  const part = root.split(/[\\/]/u).find((name) => /[#?]/u.test(name))
  if (part === undefined) return
  throw new PreconditionFailed(
    `Vite finds no files below a folder with # or ? in its name, and “${part}” is one (${root}). Rename it, or use another folder.`,
  )
}
