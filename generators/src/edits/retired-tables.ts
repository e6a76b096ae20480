import { isNode, type SyntaxNode } from '../syntax.ts'
import { configObject } from './config-object.ts'
import type { EditContext, EditResult, HostEdit } from './edit.ts'
import {
  appendEntry,
  editModule,
  entriesOf,
  hasSpread,
  propertyOf,
  quoted,
  sourceOf,
  type Finding,
  type HostModule,
} from './module-edit.ts'

/**
 * `mikro-orm.config.ts`: MikroORM keeps its hands off tables whose feature was taken out of the app. Without an entity
 * they would look like leftovers to every difference it makes, and go with what people stored in them.
 */
export function retiredTablesEdits({ retired }: EditContext): HostEdit[] {
  const { before: former, now: wanted } = retired ?? { before: [], now: [] }
  if (former.length === 0 && wanted.length === 0) return []
  const gone = former.filter((table) => !wanted.includes(table))
  return [
    {
      paths: ['mikro-orm.config.ts'],
      id: 'retired tables',
      isRenewed: former.join() !== wanted.join(),
      ensure: (text) => skipTables(text, wanted, gone),
    },
  ]
}

/** The configuration with the tables it skips: those wanted, without those that are gone. */
export function skipTables(
  text: string | null,
  wanted: readonly string[],
  gone: readonly string[],
): EditResult {
  const snippet = `schemaGenerator: { skipTables: ${JSON.stringify(wanted)} }`
  return editModule(text, 'mikro-orm.config.ts', snippet, (module) => ensureSkipped(module, wanted, gone))
}

function ensureSkipped(module: HostModule, wanted: readonly string[], gone: readonly string[]): Finding {
  const config = configObject(module)
  if (config === null) return { unknown: 'its default export is not a configuration object' }
  const generator = propertyOf(config, 'schemaGenerator')
  if (generator?.type !== 'ObjectExpression')
    return unlessDone(wanted, 'its schemaGenerator is not written out')
  const list = propertyOf(generator, 'skipTables')
  if (list === null) return addList(module, generator, wanted)
  if (list.type !== 'ArrayExpression') return unlessDone(wanted, 'its skipTables are not a plain list')
  return changeList(module, generator, list, wanted, gone)
}

function unlessDone(wanted: readonly string[], unknown: string): Finding {
  return wanted.length === 0 ? 'already' : { unknown }
}

function addList(module: HostModule, generator: SyntaxNode, wanted: readonly string[]): Finding {
  if (wanted.length === 0) return 'already'
  if (hasSpread(generator)) return { unknown: 'its schemaGenerator comes from somewhere else' }
  const names = wanted.map((table) => quoted(module, table)).join(', ')
  appendEntry(module, generator, `skipTables: [${names}]`)
  return 'changed'
}

function changeList(
  module: HostModule,
  generator: SyntaxNode,
  list: SyntaxNode,
  wanted: readonly string[],
  gone: readonly string[],
): Finding {
  const entries = entriesOf(list)
  const leaving = entries.filter((entry) => gone.includes(String(entry['value'])))
  const missing = wanted.filter((table) => !entries.some((entry) => entry['value'] === table))
  if (leaving.length === 0 && missing.length === 0) return 'already'
  if (missing.length === 0 && leaving.length === entries.length) {
    removeEntry(module, generator, (entry) => isValue(entry, list))
    return 'changed'
  }
  const kept = entries.filter((entry) => !leaving.includes(entry)).map((entry) => sourceOf(module, entry))
  const names = [...kept, ...missing.map((table) => quoted(module, table))]
  module.output.overwrite(list.start, list.end, `[${names.join(', ')}]`)
  return 'changed'
}

function isValue(entry: SyntaxNode, value: SyntaxNode): boolean {
  const node = entry['value']
  return isNode(node) && node.start <= value.start && node.end >= value.end
}

/** One property of an object, with its comma. */
function removeEntry(
  { output }: HostModule,
  object: SyntaxNode,
  isMeant: (entry: SyntaxNode) => boolean,
): void {
  const entries = entriesOf(object)
  const index = entries.findIndex(isMeant)
  const [before, entry, after] = [entries[index - 1], entries[index], entries[index + 1]]
  if (entry === undefined) return
  if (after) output.remove(entry.start, after.start)
  else output.remove(before ? before.end : entry.start, entry.end)
}
