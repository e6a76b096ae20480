import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mustRun } from './run.ts'
import type { Say } from './say.ts'

/** What scripts read of a package.json. */
export interface Manifest {
  name: string
  version: string
  private?: boolean
  exports?: Record<string, string | { 'sigra-source'?: string }>
  bin?: Record<string, string>
  scripts?: Record<string, string>
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

/** A package of this repository that is published. */
export interface Package {
  name: string
  version: string
  /** From the root of the repository. */
  folder: string
  path: string
  manifest: Manifest
}

/** The root of this repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** What is published, in dependency order. */
export const packages: readonly Package[] = [
  'packages/core',
  'packages/mikro-orm',
  'packages/worker',
  'packages/remix',
  'generators',
  'packages/dev',
  'packages/create-sigra-remix',
].map((folder) => {
  const manifest = readManifest(join(root, folder, 'package.json'))
  return { folder, path: join(root, folder), manifest, name: manifest.name, version: manifest.version }
})

/** Reads a package.json. */
export function readManifest(file: string): Manifest {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** Installs the workspace's dependencies when they are missing or older than the lock file. */
export async function ensureInstalled(say: Say): Promise<void> {
  if (isInstalled()) return
  say('Installing dependencies (npm ci)')
  await mustRun('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], { cwd: root })
}

function isInstalled(): boolean {
  const marker = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(marker)) return false
  if (statSync(marker).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs) return true
  return JSON.stringify(read(marker)) === JSON.stringify(read(join(root, 'package-lock.json')))

  // A fresh checkout may touch the lock file: what counts is whether the same things are installed.
  function read(file: string): string[] {
    const { packages: entries }: Lock = JSON.parse(readFileSync(file, 'utf8'))
    return Object.entries(entries)
      .filter(([path, entry]) => path.includes('node_modules/') && !entry.optional && !entry.devOptional)
      .map(([path, entry]) => `${path} ${entry.version ?? entry.resolved}`)
      .toSorted()
  }
}

interface Lock {
  packages: Record<string, { version?: string; resolved?: string; optional?: boolean; devOptional?: boolean }>
}
