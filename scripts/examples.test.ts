import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyApp } from '../e2e/support/app-copy.ts'
import { samplesIn } from './lib/guide-samples.ts'
import { readExamples } from './lib/readme-examples.ts'
import { run } from './lib/run.ts'
import { packages, readManifest, root } from './lib/workspace.ts'

/** Entries that an app imports. What the other packages export, `@sigra/…` calls among itself. */
const ENTRIES = [
  ...subpathsOf('packages/remix'),
  ...subpathsOf('packages/worker'),
  ...subpathsOf('packages/dev'),
  ['generators', './plop'],
] as const

/** Guides whose blocks are either quoted from the playground (`guide-samples.test.ts`) or code of an app. */
const GUIDES = ['docs/multi-tenant-apps.md', 'docs/roles.md']

/** What `@sigra/dev` has of the worker, so that both migrate alike. */
const AMONG_US = new Set([
  'applyMigrations',
  'backfillOrganizations',
  'checkDatabaseUrl',
  'explainPending',
  'findConnectionProblem',
  'migrateQueue',
  'readMigrations',
  'runMigrations',
])

function subpathsOf(folder: string): [folder: string, subpath: string][] {
  const { exports = {} } = readManifest(join(root, folder, 'package.json'))
  return Object.keys(exports).flatMap((path) => (path === './package.json' ? [] : [[folder, path]]))
}

describe('a package', () => {
  it.each(packages.map(({ folder }) => folder))('says in a README what it is for: %s', (folder) => {
    expect(existsSync(join(root, folder, 'README.md'))).toBe(true)
  })

  it.each(ENTRIES)('shows how to call each function that an app imports: %s %s', async (folder, subpath) => {
    const { name } = readManifest(join(root, folder, 'package.json'))
    const entry: Record<string, unknown> = await import(join(name, subpath))
    const shown = readExamples(folder)
      .map(({ text }) => text)
      .join('\n')
    const functions = Object.keys(entry).filter((key) => isCalled(entry[key]) && !AMONG_US.has(key))
    const missing = functions.filter((key) => !shown.includes(key === 'default' ? join(name, subpath) : key))
    expect(missing, `No example in ${folder}/README.md calls these`).toEqual([])
  })
})

/** An error is caught by its code, not called. */
function isCalled(value: unknown): boolean {
  return typeof value === 'function' && !(value.prototype instanceof Error)
}

describe('an example of a README or a guide', () => {
  it('is code that fits: it passes the type-check of an app', async () => {
    const app = await copyApp('playground', 'examples')
    try {
      const examples = [
        ...packages.flatMap(({ folder }) => readExamples(folder)),
        ...GUIDES.flatMap(samplesIn),
      ]
      const paths = examples.map(({ folder }, index) => join(folder, `example-${index}.ts`))
      for (const [index, { text }] of examples.entries()) await app.write(paths[index] ?? '', text)
      const config = {
        extends: './tsconfig.json',
        include: [],
        files: paths,
        compilerOptions: { noEmit: true },
      }
      await app.write('tsconfig.examples.json', JSON.stringify(config))
      const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.examples.json']
      const conditions = ['--customConditions', 'sigra-source']
      const { code, output } = await run(process.execPath, [...tsc, ...conditions], { cwd: app.root })
      expect({ code, output }).toEqual({ code: 0, output: '' })
    } finally {
      await app.remove()
    }
  })
})
