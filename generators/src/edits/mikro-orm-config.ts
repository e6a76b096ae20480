import { isNode, type SyntaxNode } from '../syntax.ts'
import type { EditContext, HostEdit } from './edit.ts'
import {
  addImport,
  appendEntry,
  configObject,
  editModule,
  entriesOf,
  hasSpread,
  propertyOf,
  type Finding,
  type HostModule,
} from './module-edit.ts'

const queueSchema = 'graphile_worker'

/** `mikro-orm.config.ts`: our entities, a fixed snapshot, and hands off the schema of the mail queue. */
export function mikroOrmEdit({ rendered }: EditContext): HostEdit {
  const entities = entitiesModule(rendered)
  const snippet = `import { sigraEntities } from '${entities}'

export default defineConfig({
  entities: [/* yours */ ...sigraEntities],
  migrations: { snapshotName: '.snapshot' },
  schemaGenerator: { ignoreSchema: ['${queueSchema}'] },
})`
  return {
    paths: ['mikro-orm.config.ts'],
    id: 'entities',
    ensure: (text) =>
      editModule(text, 'mikro-orm.config.ts', snippet, (module) => ensureConfig(module, entities)),
  }
}

function entitiesModule(rendered: ReadonlyMap<string, string>): string {
  const path = [...rendered.keys()].find((candidate) => candidate.endsWith('/entities/index.ts'))
  return `./${path ?? 'app/accounts/entities/index.ts'}`
}

function ensureConfig(module: HostModule, entities: string): Finding {
  const config = configObject(module)
  if (config === null) return { unknown: 'its default export is not a configuration object' }
  const parts = [
    ensureEntities(module, config),
    ensureSnapshot(module, config),
    ensureIgnored(module, config),
  ]
  const unknown = parts.find((part) => typeof part === 'object')
  if (unknown !== undefined) return unknown
  if (parts.every((part) => part === 'already')) return 'already'
  addImport(module, 'sigraEntities', entities)
  return 'changed'
}

function ensureEntities(module: HostModule, config: SyntaxNode): Finding {
  const entities = propertyOf(config, 'entities')
  if (entities === null) return addProperty(module, config, 'entities', '[...sigraEntities]')
  if (entities.type !== 'ArrayExpression') return { unknown: 'its entities are not a plain list' }
  const isThere = entriesOf(entities).some((entry) => sourceOf(module, entry) === '...sigraEntities')
  if (isThere) return 'already'
  appendEntry(module, entities, '...sigraEntities')
  return 'changed'
}

function ensureSnapshot(module: HostModule, config: SyntaxNode): Finding {
  const { quote } = module.style
  const migrations = propertyOf(config, 'migrations')
  const property = `snapshotName: ${quote}.snapshot${quote}`
  if (migrations === null) return addProperty(module, config, 'migrations', `{ ${property} }`)
  if (migrations.type !== 'ObjectExpression') return { unknown: 'its migrations are not a plain object' }
  if (propertyOf(migrations, 'snapshotName') !== null) return 'already'
  if (hasSpread(migrations)) return { unknown: 'its migrations come from somewhere else' }
  appendEntry(module, migrations, property)
  return 'changed'
}

function ensureIgnored(module: HostModule, config: SyntaxNode): Finding {
  const name = `${module.style.quote}${queueSchema}${module.style.quote}`
  const generator = propertyOf(config, 'schemaGenerator')
  if (generator === null) return addProperty(module, config, 'schemaGenerator', `{ ignoreSchema: [${name}] }`)
  if (generator.type !== 'ObjectExpression') return { unknown: 'its schemaGenerator is not a plain object' }
  const ignored = propertyOf(generator, 'ignoreSchema')
  if (ignored === null) return addProperty(module, generator, 'ignoreSchema', `[${name}]`)
  if (ignored.type !== 'ArrayExpression') return { unknown: 'its ignoreSchema is not a plain list' }
  if (entriesOf(ignored).some((entry) => entry['value'] === queueSchema)) return 'already'
  appendEntry(module, ignored, name)
  return 'changed'
}

function addProperty(module: HostModule, object: SyntaxNode, name: string, value: string): Finding {
  if (hasSpread(object)) return { unknown: `its ${name} may come from somewhere else` }
  const isShort = entriesOf(object).some((entry) => entry.type !== 'SpreadElement' && keyOf(entry) === name)
  if (isShort) return { unknown: `its ${name} is not written out` }
  appendEntry(module, object, `${name}: ${value}`)
  return 'changed'
}

function keyOf(entry: SyntaxNode): unknown {
  const key = entry['key']
  return isNode(key) ? (key['name'] ?? key['value']) : null
}

function sourceOf(module: HostModule, node: SyntaxNode): string {
  return module.text.slice(node.start, node.end)
}
