import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { optionalFeatures } from '../features.ts'
import { readManifest } from '../package-json.ts'
import { isCodePath, isNode, parseModule, walk } from '../syntax.ts'
import { rulesOf } from '../rules.ts'
import { loadTemplate } from '../template.ts'

const template = loadTemplate()
const { features } = rulesOf(template)
const guides = join(import.meta.dirname, '../../../docs')

describe.each(optionalFeatures)('the feature $name', (feature) => {
  const parts = features[feature.name]
  if (parts === undefined) throw new Error(`features/${feature.name}.json is missing.`)
  const isInFolder = (path: string) => path.startsWith(`${parts.folder}/`)
  const isWhole = (text: string) => text.startsWith(`// sigra:file ${feature.name}\n`)
  const everything = [...template.values()].join('\n')

  it('has files of its own, which are there only with it', () => {
    const own = [...template].filter(([path]) => isInFolder(path))
    expect(own.length).toBeGreaterThan(0)
    for (const [path, text] of own)
      expect({ path, first: text.split('\n', 1)[0] }).toEqual({
        path,
        first: `// sigra:file ${feature.name}`,
      })
  })

  it('is named in no directive elsewhere', () => {
    const directive = new RegExp(`sigra:(?:if|file) (?:.* )?!?(?:retired=)?${feature.name}(?:[ =]|$)`, 'mu')
    const named = [...template].filter(
      ([path, text]) => !isInFolder(path) && !isWhole(text) && directive.test(text.replaceAll(' -->', '')),
    )
    expect(named.map(([path]) => path)).toEqual([])
  })

  it('is imported by its joints and by nothing else', () => {
    const others = [...template].filter(
      ([path, text]) => !isInFolder(path) && !isWhole(text) && !path.startsWith('variants/'),
    )
    const importers = others.filter(([path, text]) => importsOf(path, text).some(isInFolder))
    expect(importers.map(([path]) => path).sort()).toEqual(Object.keys(parts.joints).sort())
  })

  it('names tables, packages, keys, files and identifiers that the template has', () => {
    const snapshot = template.get('migrations/.snapshot.json') ?? ''
    const { dependencies, devDependencies } = readManifest(template.get('package.json') ?? '{}')
    for (const table of parts.tables) expect(snapshot).toContain(`"name": "${table}"`)
    for (const name of parts.packages) expect({ ...dependencies, ...devDependencies }).toHaveProperty([name])
    for (const key of parts.env) expect(template.get('.env.example')).toContain(`${key}=`)
    for (const segment of parts.segments)
      expect([...template.keys()].some((path) => posix.basename(path, '.ts') === segment)).toBe(true)
    for (const name of parts.identifiers) expect(everything).toMatch(new RegExp(`\\b${name}\\b`, 'u'))
  })

  it('has guides, and needs what there is', () => {
    for (const guide of feature.docs)
      expect({ guide, isThere: existsSync(join(guides, guide)) }).toEqual({ guide, isThere: true })
    const names = optionalFeatures.map(({ name }) => String(name))
    expect(feature.needs.filter((need) => !names.includes(need))).toEqual([])
    expect(readFileSync(join(guides, 'generator-options.md'), 'utf8')).toContain(`--[no-]${feature.name}\``)
  })
})

it('every table of the snapshot belongs to one feature, and no other has data', () => {
  const { tables }: { tables: { name: string }[] } = JSON.parse(
    template.get('migrations/.snapshot.json') ?? '',
  )
  const owned = Object.values(features).flatMap((feature) => feature.tables)
  expect(owned.toSorted()).toEqual(tables.map(({ name }) => name))
  expect(Object.keys(features).toSorted()).toEqual(
    ['accounts', ...optionalFeatures.map(({ name }) => name)].toSorted(),
  )
})

/** Files of the app that a template imports, without their endings. */
function importsOf(path: string, text: string): string[] {
  const found: string[] = []
  walk(isCodePath(path) ? parseModule(text, path)?.program : null, (node) => {
    const specifier = isNode(node['source']) ? String(node['source']['value']) : ''
    if (specifier.startsWith('~/')) found.push(specifier.replace('~', 'app'))
    else if (specifier.startsWith('.')) found.push(posix.join(posix.dirname(path), specifier))
  })
  return found
}
