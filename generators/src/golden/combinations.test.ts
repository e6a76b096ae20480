import { posix } from 'node:path'
import { isBuiltin } from 'node:module'
import { format } from 'prettier'
import { beforeAll, describe, expect, it } from 'vitest'
import { optionalFeatures, type OptionalFeature } from '../features.ts'
import { readManifest } from '../package-json.ts'
import { render } from '../render.ts'
import { flagValues, type State } from '../state.ts'
import { isCodePath, isNode, parseModule, walk } from '../syntax.ts'
import { createTree } from './create-tree.ts'
import { goldenStates, defaultState } from './golden-states.ts'
import type { Tree } from './tree.ts'

/** Every state that people can choose by optional features and flags, by the words that tell one from another. */
const states = listStates()
const trees = new Map<string, Tree>()
/** Most files are the same in most states: each text is looked at once. */
const distinct = new Map<string, { name: string; path: string; text: string }>()
const host = render({ ...defaultState, features: [] })

beforeAll(async () => {
  for (const [name, state] of states) trees.set(name, render(state))
  for (const [name, state] of Object.entries(goldenStates)) trees.set(name, await createTree(state))
  for (const [name, tree] of trees)
    for (const [path, text] of tree) distinct.set(`${path}\n${text}`, { name, path, text })
})

describe('every combination of features and flags', () => {
  it('is rendered', () => {
    const flags = 2 * 2 * 2 * 4 // id, mail, database, package manager
    expect(listChoices().length).toBeGreaterThan(optionalFeatures.length)
    expect(states.size).toBe(listChoices().length * 2 * flags) // new or existing
    expect(trees.size).toBe(states.size + Object.keys(goldenStates).length)
  })

  it('parses', () => {
    for (const { path, text } of distinct.values()) {
      const isValid = isCodePath(path)
        ? parseModule(text, path) !== null
        : !path.endsWith('.json') || isJson(text)
      expect({ path, isValid }).toEqual({ path, isValid: true })
    }
  })

  it('imports files that are there and packages that are listed', () => {
    for (const [name, tree] of trees) {
      const isThere = createLookup(tree, states.get(name) ?? goldenStates[name] ?? defaultState)
      for (const [path, text] of tree) {
        const specifiers = readModule(path, text).imports.map(({ specifier }) => specifier)
        const missing = specifiers.filter((specifier) => !isThere(path, specifier))
        expect({ name, path, missing }).toEqual({ name, path, missing: [] })
      }
    }
  })

  it('imports names that its own files export', () => {
    for (const [name, tree] of trees) {
      for (const [path, text] of tree) {
        const missing = readModule(path, text).imports.flatMap(({ specifier, names }) => {
          const isOurs = /^(\.|~\/)/u.test(specifier) && !specifier.includes('/+types/') // which React Router makes
          const target = isOurs
            ? placesOf(path, specifier).find((place) => isCodePath(place) && tree.has(place))
            : undefined
          const given = target === undefined ? null : readModule(target, tree.get(target) ?? '').exports
          return given === null
            ? []
            : names.filter((imported) => imported !== 'default' && !given.has(imported))
        })
        expect({ name, path, missing }).toEqual({ name, path, missing: [] })
      }
    }
  })

  it('has the same tables in either kind of ids', () => {
    const shapes = [...states].flatMap(([name, { app, features: chosen, flags }]) => {
      if (app === 'existing') return []
      const snapshot = JSON.parse(trees.get(name)?.get('migrations/.snapshot.json') ?? '')
      return [{ of: chosen.join(), id: flags.id, shape: shapeOf(snapshot) }]
    })
    for (const { of, id, shape } of shapes) {
      const other = shapes.find((each) => each.of === of && each.id !== id)
      expect(shape).toEqual(other?.shape)
    }
  })

  it('has the file of each of its routes', () => {
    for (const [name, tree] of trees) {
      const lists = [...tree].filter(([path]) => /^app\/.*\broutes\.ts$/u.test(path)).map(([, text]) => text)
      const files = [...lists.join('\n').matchAll(/'(\w[\w/.-]*\.tsx?)'/gu)].map(([, file]) => `app/${file}`)
      expect(files.length).toBeGreaterThan(20)
      expect({ name, missing: files.filter((file) => !tree.has(file)) }).toEqual({ name, missing: [] })
    }
  })

  it('is formatted as its own configuration says', async () => {
    const options = JSON.parse(host.get('.prettierrc.json') ?? '')
    const left: { name: string; path: string }[] = []
    for (const { name, path, text } of distinct.values()) {
      // Longer paths than the template's: the host's formatter lays it out, as in the golden.
      if (path === 'app/sigra.routes.ts' && states.get(name)?.app === 'existing') continue
      if (!/\.(ts|tsx|js|css|md|json)$/u.test(path) || path.endsWith('.snapshot.json')) continue
      if ((await format(text, { ...options, filepath: path })) !== text) left.push({ name, path })
    }
    expect(
      left,
      'Run npx prettier --write on these files of generators/template, or lay out what a directive leaves of them',
    ).toEqual([])
  })
})

function listStates(): ReadonlyMap<string, State> {
  const flags = flagValues.id.flatMap((id) =>
    flagValues.mail.flatMap((mail) =>
      flagValues.db.flatMap((db) => flagValues.pm.map((pm) => ({ id, mail, db, pm }))),
    ),
  )
  const shapes = listChoices().flatMap((chosen) =>
    (['created', 'existing'] as const).map((app) => ({ chosen, app })),
  )
  return new Map(
    shapes.flatMap(({ chosen, app }) =>
      flags.map((of): [string, State] => [
        [...chosen, app, ...Object.values(of)].join(' '),
        { ...defaultState, app, features: ['accounts', ...chosen], flags: of },
      ]),
    ),
  )
}

/** Every set of features that has what each of them needs. */
function listChoices(): OptionalFeature[][] {
  return optionalFeatures
    .reduce<OptionalFeature[][]>((all, { name }) => [...all, ...all.map((some) => [...some, name])], [[]])
    .filter((chosen) =>
      optionalFeatures.every(
        ({ name, needs }) =>
          !chosen.includes(name) || needs.every((need) => chosen.some((one) => one === need)),
      ),
    )
}

/** Whether what a file imports is a file of its app or of the app it came into, or a package it lists. */
function createLookup(tree: Tree, state: State): (path: string, specifier: string) => boolean {
  const manifest = tree.get('package.json') ?? render({ ...state, app: 'created' }).get('package.json') ?? ''
  const { dependencies, devDependencies } = readManifest(manifest)
  const packages = new Set(Object.keys({ ...dependencies, ...devDependencies }))
  const isFile = (path: string) => tree.has(path) || (state.app === 'existing' && host.has(path))
  return (path, specifier) => {
    const name = /^(@[^/]+\/)?[^/]+/u.exec(specifier)?.[0] ?? ''
    if (specifier.startsWith('virtual:')) return true
    if (!/^(\.|~\/)/u.test(specifier)) return isBuiltin(specifier) || packages.has(name)
    return placesOf(path, specifier).some(isFile)
  }
}

/** `./+types/home` is made of the route beside it. */
function placesOf(path: string, specifier: string): string[] {
  const plain = specifier.replace('/+types/', '/').replace(/\?\w+$/u, '')
  const place = plain.startsWith('~/') ? plain.replace('~', 'app') : posix.join(posix.dirname(path), plain)
  return ['', '.ts', '.tsx', '/index.ts'].map((ending) => place + ending)
}

/** What a module takes from others and gives to them. */
interface Reading {
  /** Every module it names, and the names it takes from there. */
  imports: { specifier: string; names: string[] }[]
  exports: ReadonlySet<string>
}

const readings = new Map<string, Reading>()

/** Each text is read once, by its syntax. */
function readModule(path: string, text: string): Reading {
  const known = readings.get(text)
  if (known !== undefined) return known
  const imports: Reading['imports'] = []
  const exports = new Set<string>()
  walk(isCodePath(path) ? parseModule(text, path)?.program : null, (node) => {
    const specifier = isNode(node['source']) ? node['source']['value'] : null
    if (typeof specifier === 'string')
      imports.push({ specifier, names: namesOf(node['specifiers'], 'imported') })
    if (node.type !== 'ExportNamedDeclaration') return
    for (const name of [...namesOf(node['specifiers'], 'exported'), ...declaredIn(node['declaration'])])
      exports.add(name)
  })
  readings.set(text, { imports, exports })
  return { imports, exports }
}

function namesOf(specifiers: unknown, side: 'imported' | 'exported'): string[] {
  return Array.isArray(specifiers)
    ? specifiers.filter(isNode).flatMap((specifier) => nameOf(specifier[side]))
    : []
}

/** Names of `export const a = 1, { b } = c`, of a function, a class or a type. */
function declaredIn(declaration: unknown): string[] {
  if (!isNode(declaration)) return []
  if (!Array.isArray(declaration['declarations'])) return nameOf(declaration['id'])
  return declaration['declarations'].filter(isNode).flatMap(({ id }) => {
    const properties = isNode(id) && Array.isArray(id['properties']) ? id['properties'].filter(isNode) : []
    return [...nameOf(id), ...properties.flatMap(({ value }) => nameOf(value))]
  })
}

function nameOf(node: unknown): string[] {
  return isNode(node) && typeof node['name'] === 'string' ? [node['name']] : []
}

interface Snapshot {
  tables: { name: string; columns: object; indexes: { keyName: string }[] }[]
}

/** Tables with their columns and indexes, by name. */
function shapeOf({ tables }: Snapshot): Record<string, string[]> {
  return Object.fromEntries(
    tables.map(({ name, columns, indexes }) => [
      name,
      [...Object.keys(columns), ...indexes.map(({ keyName }) => keyName)].toSorted(),
    ]),
  )
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}
