import { applyPatch, formatPatch, parsePatch, structuredPatch, type StructuredPatch } from 'diff'
import { TemplateInvalid } from '../errors.ts'
import { lockFile } from '../lock-file.ts'
import { parseLock } from '../parse-lock.ts'
import { sortTree, type Tree } from './tree.ts'

/** An app as what differs from another one, for people to read. */
export interface Golden {
  /** A patch as git writes it: a file that went is its name alone, one that moved is told by where it was. */
  patch: string
  /** Every path of the app, sorted, one a line. */
  paths: string
}

const CONTEXT_LINES = 3
const NOTHING = '/dev/null'

/** What makes one app out of another. */
export function describeGolden(base: Tree, tree: Tree): Golden {
  const origins = findOrigins(base, tree)
  const moved = new Set([...origins.values()].filter((path) => !tree.has(path)))
  const gone = [...base.keys()].filter((path) => !tree.has(path) && !moved.has(path))
  const changes = [...tree].flatMap(([path, text]) => {
    const origin = origins.get(path) ?? path
    const before = base.get(origin)
    if (before === undefined) return [describeNew(path, text)]
    const change = describeChange(origin, path, readable(origin, before), readable(path, text))
    if (origin === path) return change.hunks.length === 0 ? [] : [change]
    return [{ ...change, isRename: moved.has(origin), isCopy: !moved.has(origin) }]
  })
  const patches = [...changes, ...gone.map(describeGone)].sort((one, other) =>
    nameOf(one) < nameOf(other) ? -1 : 1,
  )
  return { patch: formatPatch(patches), paths: [...tree.keys()].map((path) => `${path}\n`).join('') }
}

/**
 * The readable texts that a patch makes out of an app. Each change is told against that app, whatever the others did.
 *
 * @throws {TemplateInvalid} `SIGRA_TEMPLATE_INVALID` for a patch of another app.
 */
export function applyGolden(base: Tree, patch: string): Tree {
  const originals = new Map([...base].map(([path, text]) => [path, readable(path, text)]))
  const tree = new Map(originals)
  for (const change of parsePatch(patch)) {
    const [from, to] = [change.oldFileName?.slice('a/'.length), nameOf(change)]
    const before = change.isCreate ? '' : originals.get(from ?? '')
    const after = before === undefined ? false : applyPatch(before, change)
    if (after === false) throw new TemplateInvalid(`${to} is not made of ${from}.`)
    if (change.isDelete || change.isRename) tree.delete(from ?? '')
    if (!change.isDelete) tree.set(to, after)
  }
  return sortTree(tree)
}

/** A text as a patch shows it. Nobody reads hashes: the lock file has them left out. */
export function readable(path: string, text: string): string {
  return path === lockFile ? text.replaceAll(/"sha256:[\w-]+ /gu, '"sha256:… ') : text
}

/** Where files that the other app does not have come from, by path: their template is that of one it has. */
function findOrigins(base: Tree, tree: Tree): ReadonlyMap<string, string> {
  const places = new Map([...templatesOf(base)].map(([path, template]) => [template, path]))
  const origins = new Map<string, string>()
  for (const [path, template] of templatesOf(tree)) {
    const place = places.get(template)
    if (place !== undefined && !base.has(path)) origins.set(path, place)
  }
  return origins
}

function templatesOf(tree: Tree): ReadonlyMap<string, string> {
  const { files } = parseLock(tree.get(lockFile) ?? '')
  return new Map(Object.entries(files).map(([path, { template }]) => [path, template]))
}

function describeChange(from: string, to: string, before: string, after: string): StructuredPatch {
  const options = { context: CONTEXT_LINES }
  return {
    ...structuredPatch(`a/${from}`, `b/${to}`, before, after, undefined, undefined, options),
    isGit: true,
  }
}

function describeNew(path: string, text: string): StructuredPatch {
  return { ...describeChange(path, path, '', text), oldFileName: NOTHING, isCreate: true }
}

function describeGone(path: string): StructuredPatch {
  return { ...describeChange(path, path, '', ''), newFileName: NOTHING, isDelete: true }
}

function nameOf({ oldFileName = '', newFileName = '' }: StructuredPatch): string {
  return (newFileName === NOTHING ? oldFileName : newFileName).slice('a/'.length)
}
