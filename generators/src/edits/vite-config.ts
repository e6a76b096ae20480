import { isNode, type SyntaxNode } from '../syntax.ts'
import { addProperty, combine } from './config-object.ts'
import type { HostEdit } from './edit.ts'
import {
  addStatement,
  appendEntry,
  defaultExport,
  editModule,
  entriesOf,
  followName,
  importedFrom,
  isDeclared,
  propertyOf,
  quoted,
  sourceOf,
  withoutTypes,
  type Finding,
  type HostModule,
} from './module-edit.ts'

const serverPackages = [
  '@mikro-orm/core',
  '@mikro-orm/migrations',
  '@mikro-orm/postgresql',
  '@sigra/remix',
  '@sigra/worker',
]

/** Vite meets them in our routes, and would have them ready for a browser that never asks for them. */
const unaskedPackages = ['react-email', 'zod']

const reason = `// Node loads these, not Vite: the server uses them too, and two copies would be
// two database pools. Left to Vite they also reload the first page of development,
// and what somebody typed into it is gone.`

const snippet = `${reason}
const onServer = [${serverPackages.map((name) => `'${name}'`).join(', ')}]

ssr: { external: onServer },
optimizeDeps: { exclude: [...onServer, ${unaskedPackages.map((name) => `'${name}'`).join(', ')}] },`

/** `vite.config.ts`: packages of the server stay out of what Vite prepares. */
export const viteConfigEdit: HostEdit = {
  paths: ['vite.config.ts', 'vite.config.mts', 'vite.config.js', 'vite.config.mjs'],
  id: 'server packages',
  isForOwnFile: true,
  ensure: (text) => editModule(text, 'vite.config.ts', snippet, ensureConfig),
}

function ensureConfig(module: HostModule): Finding {
  const exported = defaultExport(module)
  const config = exported && writtenConfig(module, exported)
  if (config === null) return { unknown: 'its default export is not one configuration that is written out' }
  const included = valuesAt(module, config, ['optimizeDeps', 'include'])
  const unasked = unaskedPackages.filter((name) => !included.includes(name))
  const found = combine([
    ensureNames(module, config, ['ssr', 'external'], []),
    ensureNames(module, config, ['optimizeDeps', 'exclude'], unasked),
  ])
  return found === 'changed' ? declareNames(module) : found
}

/** An object, whatever is wrapped around it: `defineConfig`, `mergeConfig`, or a function that returns it. */
function writtenConfig(module: HostModule, node: SyntaxNode): SyntaxNode | null {
  const value = followName(module.program, withoutTypes(node))
  if (value.type === 'ObjectExpression') return value
  if (value.type === 'CallExpression') return configAmong(module, value)
  if (!isFunction(value) || !isNode(value['body'])) return null
  const { body } = value
  const result = body.type === 'BlockStatement' ? onlyReturn(body) : body
  return result && writtenConfig(module, result)
}

/** Of what `mergeConfig` is given it adds the lists up: the last one that is written out will do. */
function configAmong(module: HostModule, call: SyntaxNode): SyntaxNode | null {
  const callee = isNode(call['callee']) ? call['callee']['name'] : null
  const args = Array.isArray(call['arguments']) ? call['arguments'].filter(isNode) : []
  const candidates = callee === 'defineConfig' ? args.slice(0, 1) : callee === 'mergeConfig' ? args : []
  const configs = candidates.map((candidate) => writtenConfig(module, candidate))
  return configs.findLast((config) => config !== null) ?? null
}

function isFunction({ type }: SyntaxNode): boolean {
  return type === 'ArrowFunctionExpression' || type === 'FunctionExpression'
}

/** The value of the one `return`, where nothing in the function branches around it. */
function onlyReturn(block: SyntaxNode): SyntaxNode | null {
  const statements = Array.isArray(block['body']) ? block['body'].filter(isNode) : []
  const isStraight = statements.every(({ type }) =>
    ['VariableDeclaration', 'ExpressionStatement', 'ReturnStatement'].includes(type),
  )
  const last = statements.at(-1)
  const value = last?.type === 'ReturnStatement' ? last['argument'] : null
  return isStraight && isNode(value) ? value : null
}

/** `section: { list: [...onServer, …] }`, as much of it as is missing. */
function ensureNames(
  module: HostModule,
  config: SyntaxNode,
  [section, list]: readonly [section: string, list: string],
  more: readonly string[],
): Finding {
  const others = more.map((name) => quoted(module, name))
  const value = others.length === 0 ? 'onServer' : `[${['...onServer', ...others].join(', ')}]`
  const object = propertyOf(config, section)
  if (object === null) return addProperty(module, config, section, `{ ${list}: ${value} }`)
  if (object.type !== 'ObjectExpression') return { unknown: `its ${section} is not a plain object` }
  const names = propertyOf(object, list)
  if (names === null) return addProperty(module, object, list, value)
  if (names['value'] === true) return 'already' // all of them
  const known = valuesOf(module, names)
  if ([...serverPackages, ...more].every((name) => known?.includes(name))) return 'already'
  if (known === null) return { unknown: `its ${section}.${list} is not a plain list` }
  return addNames(module, names, ['...onServer', ...others])
}

/** A list that has a name may be used elsewhere: it stays as it is, and a new one begins with it. */
function addNames(module: HostModule, names: SyntaxNode, entries: readonly string[]): Finding {
  if (names.type === 'ArrayExpression') for (const entry of entries) appendEntry(module, names, entry)
  else
    module.output.overwrite(names.start, names.end, `[...${sourceOf(module, names)}, ${entries.join(', ')}]`)
  return 'changed'
}

function declareNames(module: HostModule): Finding {
  const name = followName(module.program, { type: 'Identifier', start: 0, end: 0, name: 'onServer' })
  const known = valuesOf(module, name) ?? []
  if (serverPackages.every((server) => known.includes(server))) return 'changed'
  if (isDeclared(module, 'onServer') || importedFrom(module, 'onServer') !== null)
    return { unknown: 'it has an onServer of its own' }
  const { indent, semicolon } = module.style
  const lines = serverPackages.map((server) => `${indent}${quoted(module, server)},\n`)
  addStatement(module, `${reason}\nconst onServer = [\n${lines.join('')}]${semicolon}`)
  return 'changed'
}

function valuesAt(module: HostModule, config: SyntaxNode, keys: readonly string[]): string[] {
  let node: SyntaxNode | null = config
  for (const key of keys) node = node && propertyOf(node, key)
  return (node && valuesOf(module, node)) ?? []
}

/** The strings in a list, those of lists that are spread into it included; `null` when it is none. */
function valuesOf(module: HostModule, node: SyntaxNode): string[] | null {
  const list = followName(module.program, withoutTypes(node))
  if (list.type !== 'ArrayExpression') return null
  return entriesOf(list).flatMap((entry) => {
    const spread = entry.type === 'SpreadElement' ? entry['argument'] : null
    if (isNode(spread)) return valuesOf(module, spread) ?? []
    return typeof entry['value'] === 'string' ? [entry['value']] : []
  })
}
