import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findImportProblems } from './lib/import-problems.ts'
import { roomProblem } from './lib/rooms.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sigra-imports-'))
  await write('package.json', '{ "name": "root", "devDependencies": { "vitest": "1" } }')
  for (const name of ['core', 'remix']) {
    const exports = { '.': { 'sigra-source': './src/index.ts' } }
    const dependencies = { 'hash-wasm': '1', 'react-router': '8' }
    await write(
      `packages/${name}/package.json`,
      JSON.stringify({ name: `@sigra/${name}`, exports, dependencies }),
    )
    await write(`packages/${name}/tsconfig.build.json`, '{ "exclude": ["src/testing"] }')
  }
  await write(
    'playground/package.json',
    '{ "name": "app", "private": true, "dependencies": { "react-router": "8" } }',
  )
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(root, dirname(path)), { recursive: true })
  await writeFile(join(root, path), text)
}

async function findingsOf(path: string, text: string): Promise<readonly string[]> {
  await write(path, text)
  return findImportProblems(root).findings
}

describe('who may know whom', () => {
  const ours = ['core', 'mikro-orm', 'worker', 'remix', 'generators', 'dev'].map((name) => `@sigra/${name}`)
  const known: Record<string, string[]> = {
    'packages/core/src': [],
    'packages/mikro-orm/src': ['@sigra/core'],
    'packages/worker/src': ['@sigra/core', '@sigra/mikro-orm'],
    'packages/remix/src': ['@sigra/core', '@sigra/mikro-orm'],
    'generators/src': [],
    'packages/dev/src': ['@sigra/generators'],
    'packages/dev/src/testing': ['@sigra/core', '@sigra/mikro-orm', '@sigra/generators'],
    'packages/create-sigra-remix/src': ['@sigra/generators'],
  }

  it.each(Object.entries(known))('%s knows no room but %s', (folder, rooms) => {
    const refused = ours.filter((name) => roomProblem(`${folder}/file.ts`, name) !== null)
    expect(refused).toEqual(ours.filter((name) => !rooms.includes(name)))
    expect(ours.filter((name) => roomProblem(`${folder}/file.tsx`, `${name}/part`) !== null)).toEqual(refused)
    expect(roomProblem(`${folder}/file.ts`, 'create-sigra-remix')).toContain('imports create-sigra-remix: ')
  })

  it.each(['core', 'mikro-orm', 'worker'])('%s knows no framework', (name) => {
    for (const specifier of [
      'react-router',
      'react-router/dom',
      '@react-router/node',
      'express',
      '@remix-run/node',
    ])
      expect(roomProblem(`packages/${name}/src/file.ts`, specifier)).toContain(`imports ${specifier}: `)
  })

  it.each([
    '@mikro-orm/core',
    '@mikro-orm/postgresql',
    'pg',
    'graphile-worker',
    'react',
    'react/jsx-runtime',
    'react-email',
    'node:http',
  ])('core does not know %s', (specifier) => {
    expect(roomProblem('packages/core/src/file.ts', specifier)).toContain('no request, no database')
  })

  it('is not asked of tests, of what runs in tests alone, of other packages and of relative imports', () => {
    expect(roomProblem('packages/core/src/file.test.ts', '@sigra/remix')).toBeNull()
    expect(roomProblem('packages/core/src/file.test.tsx', '@sigra/remix')).toBeNull()
    expect(roomProblem('packages/mikro-orm/src/testing/index.ts', '@sigra/dev/testing')).toBeNull()
    expect(roomProblem('packages/remix/src/file.ts', 'react-router')).toBeNull()
    expect(roomProblem('packages/core/src/file.ts', './react-router.ts')).toBeNull()
    expect(roomProblem('playground/app/root.tsx', '@sigra/dev')).toBeNull()
  })

  it.each([
    ["import { a } from '@sigra/remix'", 'statically'],
    ["import type { A } from '@sigra/remix'", 'as a type'],
    ["import '@sigra/remix'", 'for its effect'],
    ["export { a } from '@sigra/remix'", 'to hand it on'],
    ["export * from '@sigra/remix'", 'to hand on all of it'],
    ["const a = await import('@sigra/remix')", 'dynamically'],
    ["type A = import('@sigra/remix').A", 'in a type'],
  ])('holds for %s', async (text) => {
    const findings = await findingsOf('packages/core/src/index.ts', text)
    expect(findings).toContain(
      'packages/core/src/index.ts:1 imports @sigra/remix: core knows no other room, no request, no database and no framework',
    )
  })
})

describe('imports', () => {
  it('are of packages that are declared, in what is shipped as dependencies', async () => {
    const file = 'packages/core/src/a.ts'
    expect(await findingsOf(file, "import 'hash-wasm'\nimport 'node:fs'\nimport 'fs'\n")).toEqual([])
    expect(await findingsOf(file, "\nimport 'vitest'")).toEqual([
      `${file}:2 imports vitest, which package.json does not declare`,
    ])
    expect(await findingsOf(file, '')).toEqual([])
    expect(await findingsOf('packages/core/src/a.test.ts', "import 'vitest'")).toEqual([])
    expect(await findingsOf('packages/core/src/testing/a.ts', "import 'vitest'")).toEqual([])
    expect(await findingsOf('packages/core/src/a.test.ts', "import '@unknown/deep/path'")).toEqual([
      'packages/core/src/a.test.ts:1 imports @unknown/deep, which package.json does not declare',
    ])
  })

  it('go in no circle', async () => {
    await write('packages/core/src/a.ts', "import './b.ts'")
    const findings = await findingsOf('packages/core/src/b.ts', "import type { A } from './a.ts'")
    expect(findings).toEqual([expect.stringMatching(/^imports go in a circle: .*a\.ts → .*b\.ts/)])
  })

  it('bring no framework into the entry that runs in any', async () => {
    await write('packages/remix/src/index.ts', "import './inner.ts'")
    expect(await findingsOf('packages/remix/src/inner.ts', "import 'react-router'")).toEqual([
      'packages/remix/src/inner.ts:1 brings react-router into the main entry, which must run in any framework',
    ])
    await write('packages/remix/src/index.ts', '')
    expect(findImportProblems(root).findings).toEqual([])
  })

  it('of owned routes are no raw redirects', async () => {
    const file = 'playground/app/home.tsx'
    expect(await findingsOf(file, "import { data, redirect } from 'react-router'")).toEqual([
      `${file}:1 imports redirect from react-router; sigra.redirect checks the path`,
    ])
    expect(await findingsOf(file, "import { data } from 'react-router'")).toEqual([])
  })
})

describe('exports', () => {
  it('are handed on by entry files alone, and by name', async () => {
    await write('packages/core/src/a.ts', 'export const a = 1')
    expect(await findingsOf('packages/core/src/index.ts', "export { a } from './a.ts'")).toEqual([])
    expect(await findingsOf('packages/core/src/index.ts', "export * from './a.ts'")).toEqual([
      'packages/core/src/index.ts:1 re-exports everything; name what is exported',
    ])
    await write('packages/core/src/index.ts', '')
    expect(await findingsOf('packages/core/src/b.ts', "export { a } from './a.ts'")).toEqual([
      'packages/core/src/b.ts:1 re-exports outside an entry file; import from where it lives',
    ])
  })
})

describe('an assertion', () => {
  it('makes a brand where it is declared, and nothing else outside tests', async () => {
    const file = 'packages/core/src/a.ts'
    const brand = "type Id = Brand<string, 'Id'>\nexport const toId = (id: string) => id as Id\n"
    expect(await findingsOf(file, `${brand}const list = [1] as const\n`)).toEqual([])
    expect(await findingsOf(file, 'export const a = b as string')).toEqual([
      `${file}:1 asserts \`as string\`; parse it, or type it where it is made`,
    ])
    await write(file, '')
    expect(await findingsOf('packages/core/src/a.test.ts', 'export const a = b as string')).toEqual([])
  })
})
