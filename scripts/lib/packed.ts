import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { build } from './build.ts'
import { pack } from './pack.ts'
import { withLock } from './lock.ts'
import { mustRun, run, type RunOptions } from './run.ts'
import type { Say } from './say.ts'
import { packages, readManifest, root } from './workspace.ts'

/** Package name → absolute path of its tarball. */
export type Tarballs = ReadonlyMap<string, string>

const QUIET = ['--no-fund', '--no-audit', '--loglevel=error']

/** A folder of its own under the system's temporary directory that other users, the database's among them, may enter. */
export async function makeTemporaryFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix))
  await chmod(folder, 0o755)
  return folder
}

/** Builds and packs everything into `folder`, one run of this machine at a time. */
export async function buildAndPack(folder: string, say: Say): Promise<Tarballs> {
  return withLock(
    join(root, 'node_modules/.sigra-build.lock'),
    async () => {
      await build(say)
      return pack(folder, say)
    },
    () => say('Waiting for another build to end'),
  )
}

/** Finds what `pack` left in `folder`. */
export function tarballsIn(folder: string): Tarballs {
  return new Map(
    packages.map(({ name, version }) => {
      const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`
      return [name, join(folder, file)]
    }),
  )
}

/** Installs create-sigra-remix from its tarball. @returns The path of its program. */
export async function installCreate(folder: string, tarballs: Tarballs): Promise<string> {
  await mkdir(folder, { recursive: true })
  const ours = ['@sigra/generators', 'create-sigra-remix']
  const dependencies = Object.fromEntries(ours.map((name) => [name, `file:${tarballs.get(name)}`]))
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }, null, 2))
  await mustRun('npm', ['install', ...QUIET], { cwd: folder })
  const installed = join(folder, 'node_modules/create-sigra-remix')
  return join(installed, readManifest(join(installed, 'package.json')).bin?.['create-sigra-remix'] ?? '')
}

/** Runs the real create command; without `--git` among the arguments it makes no repository. */
export async function create(program: string, directory: string, args: readonly string[]): Promise<string> {
  await mkdir(dirname(directory), { recursive: true })
  const all = [program, basename(directory), '--yes', '--no-install', '--no-git', ...args]
  const { code, output } = await run(process.execPath, all, { cwd: dirname(directory) })
  if (code !== 0) throw new Error(`create-sigra-remix ended with ${code}.\n${output}`)
  return output
}

/**
 * Installs an app's dependencies, ours from the tarballs: all of them are named, so that npm asks no registry for one.
 * Its package.json stays as it was created.
 */
export async function installApp(directory: string, tarballs: Tarballs, options?: RunOptions): Promise<void> {
  const ours = [...tarballs].filter(([name]) => name !== 'create-sigra-remix').map(([, path]) => path)
  await mustRun('npm', ['install', '--no-save', ...QUIET, ...ours], { cwd: directory, ...options })
}

/** Copies installed dependencies from one app to another by hard links where the system can. */
export async function copyInstalled(from: string, to: string): Promise<void> {
  const target = join(to, 'node_modules')
  if (existsSync(target)) return
  const linked =
    process.platform === 'linux' && (await run('cp', ['-al', join(from, 'node_modules'), target])).code === 0
  if (!linked) await cp(join(from, 'node_modules'), target, { recursive: true, verbatimSymlinks: true })
}
