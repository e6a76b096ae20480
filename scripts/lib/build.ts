import { chmod, cp, glob, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { bundle, bundleTypes, isBundled } from './bundle.ts'
import { hasCode } from './failure.ts'
import type { Say } from './say.ts'
import { mustRun } from './run.ts'
import { ensureInstalled, type Package, packages, root } from './workspace.ts'

const ASSETS = '**/*.{txt,json,css,html,sql,bin,wasm}'

/** Builds every package into its `dist`, in dependency order: declarations and JavaScript by tsc, of some bundled, then assets. */
export async function build(say: Say): Promise<void> {
  await ensureInstalled(say)
  say(`Building ${packages.length} packages`)
  for (const item of packages) await buildPackage(item)
  for (const item of packages) await linkPrograms(item)
}

/** npm links a workspace's programs when it installs, and then there was nothing to link yet. */
async function linkPrograms({ name, manifest }: Package): Promise<void> {
  for (const [program, file] of Object.entries(manifest.bin ?? {})) {
    const link = join(root, 'node_modules/.bin', program)
    await symlink(join('..', name, file), link).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error
    })
  }
}

async function buildPackage(item: Package): Promise<void> {
  // Into a folder beside it and swapped in at the end: a running app never sees half a build.
  const dist = join(item.path, 'dist')
  const fresh = join(item.path, `dist.new-${process.pid}`)
  const old = join(item.path, `dist.old-${process.pid}`)
  try {
    await compile(item, fresh)
    await copyAssets(join(item.path, 'src'), fresh)
    for (const bin of Object.values(item.manifest.bin ?? {})) await makeExecutable(join(fresh, basename(bin)))
    await rename(dist, old).catch(() => undefined)
    await rename(fresh, dist)
  } finally {
    for (const folder of [fresh, old]) await rm(folder, { recursive: true, force: true })
  }
}

async function compile(item: Package, outDir: string): Promise<void> {
  await mkdir(outDir)
  if (!isBundled(item)) return runTsc(item, ['--outDir', outDir])
  const types = `${outDir}-types` // beside it, so that maps lead to the sources from both
  try {
    await runTsc(item, ['--outDir', types, '--emitDeclarationOnly'])
    await bundleTypes(item, types, outDir)
  } finally {
    await rm(types, { recursive: true, force: true })
  }
  await bundle(item, outDir)
}

async function runTsc({ path }: Package, flags: readonly string[]): Promise<void> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  await mustRun(process.execPath, [tsc, '-p', 'tsconfig.build.json', ...flags], { cwd: path })
}

async function copyAssets(source: string, target: string): Promise<void> {
  for await (const file of glob(ASSETS, { cwd: source })) {
    await mkdir(dirname(join(target, file)), { recursive: true })
    await cp(join(source, file), join(target, file))
  }
}

async function makeExecutable(file: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  if (!text.startsWith('#!')) await writeFile(file, `#!/usr/bin/env node\n${text}`)
  await chmod(file, 0o755)
}
