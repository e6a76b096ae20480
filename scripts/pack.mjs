// Packs every published package into a folder, exactly as `npm publish` would send it: `node scripts/pack.mjs <folder>`.
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { say } from './lib/say.mjs'
import { mustRun } from './lib/run.mjs'
import { packages, root } from './lib/workspace.mjs'

/**
 * Packs all packages; `build` first.
 *
 * @returns {Promise<Map<string, string>>} package name → absolute path of its tarball
 */
export async function pack(folder, say) {
  say(`Packing into ${folder}`)
  await mkdir(folder, { recursive: true })
  const args = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder]
  const output = await mustRun('npm', [...args, ...packages.flatMap(({ name }) => ['--workspace', name])], {
    cwd: root,
  })
  const packed = Object.values(JSON.parse(output.slice(output.search(/^[[{]/m))))
  return new Map(
    packed.map(({ name, filename }) => [name, join(folder, filename.replace('@', '').replace('/', '-'))]),
  )
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const tarballs = await pack(resolve(process.argv[2] ?? 'packed'), say)
  for (const [name, path] of tarballs) say(`${name}  ${path}`)
}
