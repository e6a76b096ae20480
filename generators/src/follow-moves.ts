import { posix } from 'node:path'
import { MagicString } from 'magic-string'
import { isCodePath, parseModule, walk } from './syntax.ts'

/**
 * A generated text as it reads where its owner keeps it: imports and modules of routes are where files are now.
 *
 * @param path Where it is generated.
 * @param place Where it is.
 * @param moved Generated path → where that file is.
 */
export function followMoves(
  text: string,
  path: string,
  place: string,
  moved: ReadonlyMap<string, string>,
): string {
  if (moved.size === 0) return text
  if (path.endsWith('.md')) return followInProse(text, moved)
  if (!isCodePath(path)) return text
  const output = new MagicString(text)
  walk(parseModule(text, path)?.program, (node, parents, key) => {
    if (node.type !== 'StringLiteral') return
    const specifier = String(node['value'])
    const isImport = key === 'source' || parents.at(-1)?.type === 'ImportExpression'
    const followed = isImport
      ? followSpecifier(specifier, path, place, moved)
      : followModule(specifier, moved)
    if (followed !== specifier) output.update(node.start + 1, node.end - 1, followed)
  })
  return output.toString()
}

/** Paths between backticks, as a guide names them. */
function followInProse(text: string, moved: ReadonlyMap<string, string>): string {
  return text.replaceAll(/`([\w./-]+)`/gu, (_, path: string) => `\`${moved.get(path) ?? path}\``)
}

/** The module of a route, below `app/`. */
function followModule(module: string, moved: ReadonlyMap<string, string>): string {
  const place = moved.get(`app/${module}`)
  return place?.startsWith('app/') ? place.slice('app/'.length) : module
}

const endings = ['', '.ts', '.tsx', '/index.ts']

function followSpecifier(
  specifier: string,
  path: string,
  place: string,
  moved: ReadonlyMap<string, string>,
): string {
  const [bare = '', query = ''] = specifier.split(/(?=\?)/u)
  return followPath(bare, path, place, moved) + query
}

function followPath(
  specifier: string,
  path: string,
  place: string,
  moved: ReadonlyMap<string, string>,
): string {
  const isAlias = specifier.startsWith('~/')
  if (!isAlias && !specifier.startsWith('.')) return specifier
  const generated = isAlias ? `app/${specifier.slice(2)}` : posix.join(posix.dirname(path), specifier)
  const ending = endings.find((candidate) => moved.has(generated + candidate))
  const target = ending === undefined ? undefined : moved.get(generated + ending)
  // Route types are made beside the route.
  if (target === undefined && (isAlias || place === path || specifier.includes('/+types/'))) return specifier
  const wanted = target === undefined ? generated : withoutEnding(target, ending ?? '')
  if (isAlias && wanted.startsWith('app/')) return `~/${wanted.slice('app/'.length)}`
  const from = posix.relative(posix.dirname(place), wanted)
  return from.startsWith('.') ? from : `./${from}`
}

/** As the import spells it: without the ending it leaves out. */
function withoutEnding(path: string, ending: string): string {
  return ending !== '' && path.endsWith(ending) ? path.slice(0, path.length - ending.length) : path
}
