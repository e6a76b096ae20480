import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { root } from './workspace.ts'

const OWN_SCOPE = '@sigra'

/**
 * Copies the sources of the repository to where they may be broken. What is installed is linked, not copied, but for
 * the workspace's own packages: those are the copy's.
 */
export function copySources(folder: string): void {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  for (const file of files.split('\0').filter((name) => name !== '' && existsSync(join(root, name)))) {
    const target = join(folder, file)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(join(root, file), target)
  }
  linkInstalled(folder)
}

function linkInstalled(folder: string): void {
  const installed = join(root, 'node_modules')
  const target = join(folder, 'node_modules')
  mkdirSync(join(target, OWN_SCOPE), { recursive: true })
  for (const name of readdirSync(installed)) {
    if (name !== OWN_SCOPE && name !== '.vite') symlinkSync(join(installed, name), join(target, name))
  }
  for (const name of readdirSync(join(installed, OWN_SCOPE))) {
    const place = relative(join(installed, OWN_SCOPE), join(root, packageFolder(name)))
    symlinkSync(place, join(target, OWN_SCOPE, name))
  }
}

function packageFolder(name: string): string {
  return name === 'generators' ? 'generators' : `packages/${name}`
}
