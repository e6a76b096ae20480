import { describe, expect, it } from 'vitest'
import { loadTemplate } from '../template.ts'
import { edited, reasonOf } from '../testing-only/try-edit.ts'
import { viteConfigEdit } from './vite-config.ts'

const lists = `ssr: { external: onServer }, optimizeDeps: { exclude: [...onServer, 'react-email', 'zod'] }`
const both = (object: string) => object.replace('LISTS', lists)

/** What an edit makes of a configuration, without the imports and the list of names above it. */
function editedConfig(text: string): string {
  const result = edited(viteConfigEdit, text)
  expect(result).toContain('const onServer = [\n')
  return result.slice(result.indexOf('\n]\n') + 3).trim()
}

describe('vite.config.ts', () => {
  it('gets the packages that Node loads, under the imports and with the reason', () => {
    const text = `import { reactRouter } from "@react-router/dev/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [reactRouter()],
  resolve: {
    tsconfigPaths: true,
  },
});
`
    expect(edited(viteConfigEdit, text)).toBe(`import { reactRouter } from "@react-router/dev/vite";
import { defineConfig } from "vite";

// Node loads these, not Vite: the server uses them too, and two copies would be
// two database pools. Left to Vite they also reload the first page of development,
// and what somebody typed into it is gone.
const onServer = [
  "@mikro-orm/core",
  "@mikro-orm/migrations",
  "@mikro-orm/postgresql",
  "@sigra/remix",
  "@sigra/worker",
];

export default defineConfig({
  plugins: [reactRouter()],
  resolve: {
    tsconfigPaths: true,
  },
  ssr: { external: onServer },
  optimizeDeps: { exclude: [...onServer, "react-email", "zod"] },
});
`)
  })

  it('has nothing left to get in an app that was made with accounts', () => {
    expect(viteConfigEdit.ensure(loadTemplate().get('vite.config.ts') ?? '')).toEqual({ outcome: 'already' })
  })

  it.each([
    ['a plain object', 'export default { plugins: [] }', 'export default { plugins: [], LISTS }'],
    [
      'an object with its type',
      'export default { plugins: [] } satisfies UserConfig',
      'export default { plugins: [], LISTS } satisfies UserConfig',
    ],
    [
      'a variable',
      'const config: UserConfig = { plugins: [] }\nexport default defineConfig(config)',
      'const config: UserConfig = { plugins: [], LISTS }\nexport default defineConfig(config)',
    ],
    [
      'a function',
      'export default defineConfig(({ mode }) => ({ base: mode }))',
      'export default defineConfig(({ mode }) => ({ base: mode, LISTS }))',
    ],
    [
      'a function that loads something first',
      'export default defineConfig(async () => {\n  const port = await find()\n  return { port }\n})',
      'export default defineConfig(async () => {\n  const port = await find()\n  return { port, LISTS }\n})',
    ],
    [
      'mergeConfig',
      'export default mergeConfig(shared, defineConfig({ plugins: [] }))',
      'export default mergeConfig(shared, defineConfig({ plugins: [], LISTS }))',
    ],
    ['an empty object', 'export default defineConfig({})', 'export default defineConfig({ LISTS })'],
  ])('is understood as %s', (_shape, before, after) => {
    expect(editedConfig(`import x from 'x'\n\n${before}\n`)).toBe(both(after))
  })

  it.each([
    [
      "{ ssr: { noExternal: ['a'] } }",
      "{ ssr: { noExternal: ['a'], external: onServer }, optimizeDeps: { exclude: [...onServer, 'react-email', 'zod'] } }",
    ],
    [
      "{ ssr: { external: ['a'] }, optimizeDeps: { exclude: ['b'] } }",
      "{ ssr: { external: ['a', ...onServer] }, optimizeDeps: { exclude: ['b', ...onServer, 'react-email', 'zod'] } }",
    ],
    [
      "{ ssr: { external: true }, optimizeDeps: { include: ['zod'] } }",
      "{ ssr: { external: true }, optimizeDeps: { include: ['zod'], exclude: [...onServer, 'react-email'] } }",
    ],
  ])('adds to what is there: %s', (before, after) => {
    expect(editedConfig(`import x from 'x'\n\nexport default defineConfig(${before})\n`)).toBe(
      `export default defineConfig(${after})`,
    )
  })

  it('leaves a list with a name as it is, and begins with it', () => {
    const text = `import x from 'x'\n\nconst native = ['sharp']\n\nexport default { ssr: { external: native } }\n`
    expect(editedConfig(text)).toBe(`const native = ['sharp']

export default { ssr: { external: [...native, ...onServer] }, optimizeDeps: { exclude: [...onServer, 'react-email', 'zod'] } }`)
  })

  it('takes the names that are there already', () => {
    const text = loadTemplate().get('vite.config.ts') ?? ''
    const without = text.replace('  ssr: { external: onServer },\n', '')
    expect(edited(viteConfigEdit, without).match(/const onServer/gu)).toHaveLength(1)
  })

  it('reads comments and a configuration that imports nothing', () => {
    expect(edited(viteConfigEdit, '// Ours.\nexport default {\n\tbase: "/a", // why\n}\n')).toMatch(
      /^\/\/ Node loads[^]*\n\]\n\n\/\/ Ours\.\nexport default \{\n\tbase: "\/a", \/\/ why\n\tssr: /u,
    )
  })

  it.each([
    ['no file', null, /no such file/u],
    ['a call of something else', 'export default makeConfig({})', /not one configuration/u],
    ['two ways to return', 'export default () => { if (x) return {}; return {} }', /not one configuration/u],
    ['a choice', 'export default () => (x ? {} : {})', /not one configuration/u],
    ['what is spread into it', 'export default { ...shared }', /ssr may come from somewhere else/u],
    ['an ssr made elsewhere', 'export default { ssr: makeSsr() }', /ssr is not a plain object/u],
    [
      'a list made elsewhere',
      'export default { ssr: { external: makeList() } }',
      /ssr\.external is not a plain list/u,
    ],
    ['an onServer of its own', "const onServer = ['x']\nexport default {}", /of its own/u],
    ['what does not parse', 'export default {', /could not be parsed/u],
  ])('is left alone with %s', (_shape, text, reason) => {
    expect(reasonOf(viteConfigEdit, text)).toMatch(reason)
  })
})
