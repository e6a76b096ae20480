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
  const entries = [...entryNames(manifest), ...(BESIDE_ENTRIES[name] ?? []).map(nameOf)]
  const options = { input: inputOf(entries, (entry) => join(path, 'src', `${entry}.ts`)), cwd: path }
  await write({ ...options, plugins: [versionOnly(manifest)] }, outDir, {
    entryFileNames: '[name].js',
    chunkFileNames: 'shared/[name].js',
  })
}

/**
 * The same for the declarations that tsc wrote into `types`, with maps to the sources: a type-check opens one file for
 * each entry, where it opened every file that one of its types comes from.
 */
export async function bundleTypes({ path, manifest }, types, outDir) {
  const { dts } = await import('rolldown-plugin-dts')
  const input = inputOf(entryNames(manifest), (entry) => join(types, `${entry}.d.ts`))
  const plugins = [withMaps, ...dts({ dtsInput: true, emitDtsOnly: true, tsconfig: false, sourcemap: true })]
  const experimental = { attachDebugInfo: 'none' } // it names the folder of this build
  await write({ input, cwd: path, plugins, experimental }, outDir, { chunkFileNames: 'shared/[name].ts' })
}

async function write(input, dir, output) {
  const { rolldown } = await import('rolldown') // not at the top: what builds is loaded before anything is installed
  const bundler = await rolldown({ platform: 'node', external: (id) => !/^[./]/.test(id), ...input })
  try {
    await bundler.write({ dir, format: 'esm', sourcemap: true, ...output })
  } finally {
    await bundler.close()
  }
}

function entryNames({ exports }) {
  return Object.values(exports)
    .map((entry) => entry['sigra-source'])
    .filter(Boolean)
    .map(nameOf)
}

function nameOf(source) {
  return relative('src', source).replace(/\.tsx?$/, '')
}

function inputOf(entries, fileOf) {
  return Object.fromEntries(entries.map((entry) => [entry, fileOf(entry)]))
}

/** Declarations come with the map that tsc wrote beside them. */
const withMaps = {
  name: 'with-maps',
  async load(id) {
    if (!id.endsWith('.d.ts')) return null
    const [code, map] = await Promise.all([readFile(id, 'utf8'), readFile(`${id}.map`, 'utf8')])
    return { code: code.replace(/\n\/\/# sourceMappingURL=\S*\s*$/, '\n'), map: JSON.parse(map) }
  },
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
