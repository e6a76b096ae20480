import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** Started from beside the entry by its file name, so it must be there. */
const BESIDE_ENTRIES = { '@sigra/core': ['src/hash-worker.ts'] }

/** Packages that an app loads when it starts: one file for each entry and what entries share, with maps to the sources. */
const BUNDLED = ['@sigra/core', '@sigra/mikro-orm', '@sigra/worker', '@sigra/remix']

/** Whether `bundle` writes this package's JavaScript; tsc does for the others. */
export function isBundled({ name }) {
  return BUNDLED.includes(name)
}

/** Writes one file for each entry of `exports` into `outDir`, of the same name as tsc would. Dependencies stay imports. */
export async function bundle({ name, path, manifest }, outDir) {
  const sources = Object.values(manifest.exports)
    .map((entry) => entry['sigra-source'])
    .filter(Boolean)
  const input = [...sources, ...(BESIDE_ENTRIES[name] ?? [])].map((source) => {
    return [relative('src', source).replace(/\.tsx?$/, ''), join(path, source)]
  })
  const { rolldown } = await import('rolldown') // not at the top: what builds is loaded before anything is installed
  const bundler = await rolldown({
    input: Object.fromEntries(input),
    cwd: path,
    platform: 'node',
    external: (id) => !/^[./]/.test(id),
    plugins: [versionOnly(manifest)],
  })
  try {
    await bundler.write({
      dir: outDir,
      format: 'esm',
      sourcemap: true,
      entryFileNames: '[name].js',
      chunkFileNames: 'shared/[name].js',
    })
  } finally {
    await bundler.close()
  }
}

/** Of its own package.json a package reads the version and nothing else. */
function versionOnly({ version }) {
  return {
    name: 'version-only',
    async load(id) {
      if (!id.endsWith('/package.json')) return null
      const found = JSON.parse(await readFile(id, 'utf8'))
      if (found.version !== version) throw new Error(`${id} is not of this package`)
      return JSON.stringify({ version })
    },
  }
}
