/**
 * Files that are written once and then grow by key or by line (see `edits/`): merging them as text would make
 * conflicts out of two neighbouring dependencies.
 */
const seedFiles: ReadonlySet<string> = new Set(['.env.example', '.gitignore', 'package.json'])

export function isSeedFile(path: string): boolean {
  return seedFiles.has(path)
}
