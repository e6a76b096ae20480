import type { SyntaxNode } from '../syntax.ts'
import { addProperty, combine, configObject } from './config-object.ts'
import type { EditContext, HostEdit } from './edit.ts'
import {
  addImport,
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

const tls = {
  name: 'databaseTls',
  from: '@sigra/remix/schema',
  call: 'databaseTls(process.env.DATABASE_URL)',
}
const queueSchema = 'graphile_worker'

// A difference would drop them: our migrations make the audit log's protection, and no entity speaks of it.
const unmanaged = ['ignoreTriggers', 'ignoreRoutines'] as const

/**
 * `mikro-orm.config.ts`: our entities, a fixed snapshot, hands off the mail queue and the protection of the audit log,
 * TLS as the URL says, and no new database for a wrong one.
 */
export function mikroOrmEdit({ rendered }: EditContext): HostEdit {
  const entities = entitiesModule(rendered)
  const snippet = `import { ${tls.name} } from '${tls.from}'
import { sigraEntities } from '${entities}'

export default defineConfig({
  entities: [/* yours */ ...sigraEntities],
  migrations: { snapshotName: '.snapshot' },
  driverOptions: ${tls.call},
  ensureDatabase: false,
  schemaGenerator: { ignoreSchema: ['${queueSchema}'], ${unmanaged.map((name) => `${name}: true`).join(', ')} },
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
  const found = combine([
    ensureEntities(module, config),
    ensureSnapshot(module, config),
    ensureTls(module, config),
    ensureFlag(module, config, 'ensureDatabase', false),
    ensureGenerator(module, config),
  ])
  if (found === 'changed') addImport(module, 'sigraEntities', entities)
  return found
}

/** MikroORM does not read the sslmode of a URL. What the host tells the driver already is the host's business. */
function ensureTls(module: HostModule, config: SyntaxNode): Finding {
  if (!module.text.includes('DATABASE_URL') || propertyOf(config, 'driverOptions') !== null) return 'already'
  const found = addProperty(module, config, 'driverOptions', tls.call)
  if (found === 'changed') addImport(module, tls.name, tls.from)
  return found
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
  const migrations = propertyOf(config, 'migrations')
  const property = `snapshotName: ${quoted(module, '.snapshot')}`
  if (migrations === null) return addProperty(module, config, 'migrations', `{ ${property} }`)
  if (migrations.type !== 'ObjectExpression') return { unknown: 'its migrations are not a plain object' }
  if (propertyOf(migrations, 'snapshotName') !== null) return 'already'
  if (hasSpread(migrations)) return { unknown: 'its migrations come from somewhere else' }
  appendEntry(module, migrations, property)
  return 'changed'
}

function ensureGenerator(module: HostModule, config: SyntaxNode): Finding {
  const name = quoted(module, queueSchema)
  const generator = propertyOf(config, 'schemaGenerator')
  if (generator === null) {
    const flags = unmanaged.map((flag) => `${flag}: true`).join(', ')
    return addProperty(module, config, 'schemaGenerator', `{ ignoreSchema: [${name}], ${flags} }`)
  }
  if (generator.type !== 'ObjectExpression') return { unknown: 'its schemaGenerator is not a plain object' }
  return combine([
    ensureIgnored(module, generator, name),
    ...unmanaged.map((flag) => ensureFlag(module, generator, flag, true)),
  ])
}

function ensureIgnored(module: HostModule, generator: SyntaxNode, name: string): Finding {
  const ignored = propertyOf(generator, 'ignoreSchema')
  if (ignored === null) return addProperty(module, generator, 'ignoreSchema', `[${name}]`)
  if (ignored.type !== 'ArrayExpression') return { unknown: 'its ignoreSchema is not a plain list' }
  if (entriesOf(ignored).some((entry) => entry['value'] === queueSchema)) return 'already'
  appendEntry(module, ignored, name)
  return 'changed'
}

/** What a host has written itself is not overruled: whoever switched it the other way reads why not to. */
function ensureFlag(module: HostModule, object: SyntaxNode, name: string, wanted: boolean): Finding {
  const value = propertyOf(object, name)
  if (value === null) return addProperty(module, object, name, String(wanted))
  return value['value'] === wanted ? 'already' : { unknown: `its ${name} is not ${wanted}` }
}
