import { posix } from 'node:path'
import { isBuiltin } from 'node:module'
import { format } from 'prettier'
import { beforeAll, describe, expect, it } from 'vitest'
import { features, isOptionalFeature, type OptionalFeature } from '../features.ts'
import { readManifest } from '../package-json.ts'
import { render } from '../render.ts'
import { flagValues, type State } from '../state.ts'
import { isCodePath, isNode, parseModule, walk } from '../syntax.ts'
import { createTree } from './create-tree.ts'
import { goldenStates, playgroundState } from './golden-states.ts'
import type { Tree } from './tree.ts'

/** Every state that people can choose by optional features and flags, by the words that tell one from another. */
const states = listStates()
const trees = new Map<string, Tree>()
/** Most files are the same in most states: each text is looked at once. */
const distinct = new Map<string, { name: string; path: string; text: string }>()
const host = render({ ...playgroundState, features: [] })

beforeAll(async () => {
  for (const [name, state] of states) trees.set(name, render(state))
  for (const [name, state] of Object.entries(goldenStates)) trees.set(name, await createTree(state))
  for (const [name, tree] of trees)
    for (const [path, text] of tree) distinct.set(`${path}\n${text}`, { name, path, text })
})

describe('every combination of features and flags', () => {
  it('is rendered', () => {
    expect(states.size).toBe(2 * 2 * 2 * 2 * 2 * 4) // passkeys, new or existing, id, mail, database, package manager
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
      const isThere = createLookup(tree, states.get(name) ?? goldenStates[name] ?? playgroundState)
      for (const [path, text] of tree) {
        const missing = importsOf(path, text).filter((specifier) => !isThere(path, specifier))
        expect({ name, path, missing }).toEqual({ name, path, missing: [] })
      }
    }
  })

  it('imports names that its own files export', () => {
    for (const [name, tree] of trees) {
      for (const [path, text] of tree) {
        const missing = namesImported(path, text).filter(([imported, specifier]) => {
          const target = placesOf(path, specifier).find((place) => tree.has(place))
          return target !== undefined && !namesExported(tree.get(target) ?? '').has(imported)
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
    expect(left).toEqual([])
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
        { ...playgroundState, app, features: ['accounts', ...chosen], flags: of },
      ]),
    ),
  )
}

function listChoices(): OptionalFeature[][] {
  return features
    .filter(isOptionalFeature)
    .reduce<OptionalFeature[][]>((all, name) => [...all, ...all.map((some) => [...some, name])], [[]])
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

const imports = new Map<string, readonly string[]>()

function importsOf(path: string, text: string): readonly string[] {
  const known = imports.get(text)
  if (known !== undefined) return known
  const found: string[] = []
  walk(isCodePath(path) ? parseModule(text, path)?.program : null, (node) => {
    const source = node['source']
    if (isNode(source) && source.type === 'StringLiteral') found.push(String(source['value']))
  })
  imports.set(text, found)
  return found
}

const named = new Map<string, readonly [imported: string, specifier: string][]>()

/** The names a file imports from files of the app. Types that React Router makes of a route are in none. */
function namesImported(path: string, text: string): readonly [imported: string, specifier: string][] {
  const known = named.get(text)
  if (known !== undefined) return known
  const clauses = isCodePath(path)
    ? text.matchAll(/^import (?:type )?\{([^}]*)\} from '((?:\.|~\/)[^']*)'/gmu)
    : []
  const found = [...clauses]
    .filter(([, , specifier = '']) => !specifier.includes('+types'))
    .flatMap(([, list = '', specifier = '']) =>
      namesOf(list).map((name): [string, string] => [name, specifier]),
    )
  named.set(text, found)
  return found
}

const exported = new Map<string, ReadonlySet<string>>()

function namesExported(text: string): ReadonlySet<string> {
  const known = exported.get(text)
  if (known !== undefined) return known
  const declared = text.matchAll(
    /^export (?:async |abstract )?(?:function|const|class|interface|type) (\w+)/gmu,
  )
  const lists = text.matchAll(/^export (?:const |type )?\{([^}]*)\}/gmu)
  const names = new Set([
    ...[...declared].map(([, name = '']) => name),
    ...[...lists].flatMap(([, list = '']) =>
      list.split(',').map(
        (item) =>
          item
            .split(/ as |:/u)
            .at(-1)
            ?.trim() ?? '',
      ),
    ),
  ])
  exported.set(text, names)
  return names
}

function namesOf(list: string): string[] {
  return list
    .split(',')
    .map(
      (item) =>
        item
          .replace(/^\s*type /u, '')
          .split(' as ')[0]
          ?.trim() ?? '',
    )
    .filter(Boolean)
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
