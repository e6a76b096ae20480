// Builds every package into its `dist`, in dependency order: tsc, then what tsc leaves behind.
import { chmod, cp, glob, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { mustRun } from './lib/run.mjs'
import { ensureInstalled, packages, root } from './lib/workspace.mjs'

const ASSETS = '**/*.{txt,json,css,html,sql,bin,wasm}'

/** Builds all packages. @param {(line: string) => void} say is told of each step */
export async function build(say) {
  await ensureInstalled(say)
  say(`Building ${packages.length} packages`)
  for (const item of packages) await buildPackage(item)
}

async function buildPackage({ path, manifest }) {
  const dist = join(path, 'dist')
  // Into a folder beside it and swapped in at the end: a running app never sees half a build.
  const fresh = join(path, `dist.new-${process.pid}`)
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh)
  await mustRun(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', fresh],
    {
      cwd: path,
    },
  )
  for await (const file of glob(ASSETS, { cwd: join(path, 'src') })) {
    await mkdir(dirname(join(fresh, file)), { recursive: true })
    await cp(join(path, 'src', file), join(fresh, file))
  }
  for (const bin of Object.values(manifest.bin ?? {}))
    await makeExecutable(join(fresh, bin.replace(/^\.\/dist\//, '')))

  const old = join(path, `dist.old-${process.pid}`)
  await rename(dist, old).catch(() => undefined)
  await rename(fresh, dist)
  await rm(old, { recursive: true, force: true })
}

async function makeExecutable(file) {
  const text = await readFile(file, 'utf8')
  if (!text.startsWith('#!')) await writeFile(file, `#!/usr/bin/env node\n${text}`)
  await chmod(file, 0o755)
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await build((line) => console.log(line))
