import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mustRun } from './run.mjs'

/** The root of this repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** What is published, in dependency order. */
export const packages = [
  'packages/core',
  'packages/mikro-orm',
  'packages/worker',
  'packages/remix',
  'generators',
  'packages/dev',
  'packages/create-sigra-remix',
].map((folder) => {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  return { folder, path: join(root, folder), manifest, name: manifest.name, version: manifest.version }
})

/** Installs the workspace's dependencies when they are missing or older than the lock file. */
export async function ensureInstalled(say) {
  if (isInstalled()) return
  say('Installing dependencies (npm ci)')
  await mustRun('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], { cwd: root })
}

function isInstalled() {
  const marker = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(marker)) return false
  if (statSync(marker).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs) return true
  return JSON.stringify(read(marker)) === JSON.stringify(read(join(root, 'package-lock.json')))

  // A fresh checkout may touch the lock file: what counts is whether the same things are installed.
  function read(file) {
    const { packages: entries } = JSON.parse(readFileSync(file, 'utf8'))
    return Object.entries(entries)
      .filter(([path, entry]) => path.includes('node_modules/') && !entry.optional && !entry.devOptional)
      .map(([path, entry]) => `${path} ${entry.version ?? entry.resolved}`)
      .toSorted()
  }
}
