import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { InputOptions, OutputOptions, Plugin } from 'rolldown'
import type { Manifest, Package } from './workspace.ts'

/** Started from beside the entry by its file name, so it must be there. */
const BESIDE_ENTRIES: Readonly<Record<string, readonly string[]>> = { '@sigra/core': ['src/hash-worker.ts'] }

/** Packages that an app loads when it starts: one file for each entry and what entries share, with maps to the sources. */
const BUNDLED = ['@sigra/core', '@sigra/mikro-orm', '@sigra/worker', '@sigra/remix']

/** Whether `bundle` writes this package's JavaScript; tsc does for the others. */
export function isBundled({ name }: Package): boolean {
  return BUNDLED.includes(name)
}

/** Writes one file for each entry of `exports` into `outDir`, of the same name as tsc would. Dependencies stay imports. */
export async function bundle({ name, path, manifest }: Package, outDir: string): Promise<void> {
  const entries = [...entryNames(manifest), ...(BESIDE_ENTRIES[name] ?? []).map(nameOf)]
  const options = { input: inputOf(entries, (entry) => join(path, 'src', `${entry}.ts`)), cwd: path }
  await write({ ...options, plugins: [versionOnly(manifest)] }, outDir, {
    entryFileNames: '[name].js',
    chunkFileNames: 'shared/[name].js',
    // One file for all that entries share: each further entry would break it into smaller ones, and a start opens them all.
    codeSplitting: { groups: [{ name: 'parts', minShareCount: 2 }] },
  })
}

/**
 * The same for the declarations that tsc wrote into `types`, with maps to the sources: a type-check opens one file for
 * each entry, where it opened every file that one of its types comes from.
 */
export async function bundleTypes({ path, manifest }: Package, types: string, outDir: string): Promise<void> {
  const { dts } = await import('rolldown-plugin-dts')
  const input = inputOf(entryNames(manifest), (entry) => join(types, `${entry}.d.ts`))
  const plugins = [withMaps, ...dts({ dtsInput: true, emitDtsOnly: true, tsconfig: false, sourcemap: true })]
  const experimental: InputOptions['experimental'] = { attachDebugInfo: 'none' } // it names the folder of this build
  await write({ input, cwd: path, plugins, experimental }, outDir, { chunkFileNames: 'shared/[name].ts' })
}

async function write(input: InputOptions, dir: string, output: OutputOptions): Promise<void> {
  const { rolldown } = await import('rolldown') // not at the top: what builds is loaded before anything is installed
  const bundler = await rolldown({ platform: 'node', external: (id) => !/^[./]/.test(id), ...input })
  try {
    await bundler.write({ dir, format: 'esm', sourcemap: true, ...output })
  } finally {
    await bundler.close()
  }
}

function entryNames({ exports = {} }: Manifest): string[] {
  return Object.values(exports).flatMap((entry) => {
    const source = typeof entry === 'string' ? undefined : entry['sigra-source']
    return source === undefined ? [] : [nameOf(source)]
  })
}

function nameOf(source: string): string {
  return relative('src', source).replace(/\.tsx?$/, '')
}

function inputOf(entries: readonly string[], fileOf: (entry: string) => string): Record<string, string> {
  return Object.fromEntries(entries.map((entry) => [entry, fileOf(entry)]))
}

/** Declarations come with the map that tsc wrote beside them. */
const withMaps: Plugin = {
  name: 'with-maps',
  async load(id) {
    if (!id.endsWith('.d.ts')) return null
    const [code, map] = await Promise.all([readFile(id, 'utf8'), readFile(`${id}.map`, 'utf8')])
    return { code: code.replace(/\n\/\/# sourceMappingURL=\S*\s*$/, '\n'), map: JSON.parse(map) }
  },
}

/** Of its own package.json a package reads the version and nothing else. */
function versionOnly({ version }: Manifest): Plugin {
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
