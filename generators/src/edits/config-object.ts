import { toLf } from '../line-endings.ts'
import { isNode, parseModule, type Program, type SyntaxNode } from '../syntax.ts'
import {
  appendEntry,
  defaultExport,
  entriesOf,
  followName,
  hasSpread,
  propertyOf,
  withoutTypes,
  type Finding,
  type HostModule,
} from './module-edit.ts'

/** The object a configuration module exports: `{ … }`, `defineConfig({ … })`, or a variable that holds one of them. */
export function configObject(module: { readonly program: Program }): SyntaxNode | null {
  const exported = defaultExport(module)
  if (exported?.type === 'ObjectExpression') return exported
  const callee = exported?.type === 'CallExpression' ? exported['callee'] : null
  const args = exported?.['arguments']
  const isDefine = isNode(callee) && callee['name'] === 'defineConfig'
  const argument: unknown = Array.isArray(args) ? args[0] : null
  if (!isDefine || !isNode(argument)) return null
  const config = followName(module.program, withoutTypes(argument))
  return config.type === 'ObjectExpression' ? config : null
}

/** A literal in the object a configuration module exports, key by key; `undefined` when it cannot be read off. */
export function readConfigValue(text: string, keys: readonly string[]): unknown {
  const file = parseModule(toLf(text), 'config.ts')
  let node = file && configObject(file)
  for (const key of keys) node = node && propertyOf(node, key)
  return node?.['value']
}

/** Adds a key that is missing, unless it may be there after all. */
export function addProperty(module: HostModule, object: SyntaxNode, name: string, value: string): Finding {
  if (hasSpread(object)) return { unknown: `its ${name} may come from somewhere else` }
  const isShort = entriesOf(object).some((entry) => entry.type !== 'SpreadElement' && keyOf(entry) === name)
  if (isShort) return { unknown: `its ${name} is not written out` }
  appendEntry(module, object, `${name}: ${value}`)
  return 'changed'
}

/** The first thing that cannot be done, else whether anything was. */
export function combine(parts: readonly Finding[]): Finding {
  const unknown = parts.find((part) => typeof part === 'object')
  if (unknown !== undefined) return unknown
  return parts.every((part) => part === 'already') ? 'already' : 'changed'
}

function keyOf(entry: SyntaxNode): unknown {
  const key = entry['key']
  return isNode(key) ? (key['name'] ?? key['value']) : null
}
