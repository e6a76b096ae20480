import type { EntityMetadata } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid, Impossible } from '@sigra/core'
import { knownAreas } from '../areas.ts'
import type { Bucket, PolicyCheck } from '../policy.ts'
import { listBuckets } from '../policy-rules.ts'
import { type Bundle, type Column, readTable, type Table } from '../read-table.ts'
import { sealedPlace } from '../secrets/sealed-column.ts'
import type { AreaDeclaration, AreaHandle, OpenArea } from './area.ts'
import { createAreaPolicy } from './area-policy.ts'

/** What all areas of an app are opened with. */
export interface OpenedWith {
  orm: MikroORM
  origin: URL
  appName: string
  check: PolicyCheck
}

/**
 * Opens the areas of an app, in the order of the library's list, whatever the app's is.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for one that stands there twice, whose need is not there, or whose
 *   entities are there without it; and for whatever it refuses itself.
 */
export function openAreas(handles: readonly AreaHandle[], app: OpenedWith): readonly OpenArea[] {
  if (!Array.isArray(handles)) throw new ConfigInvalid('areas must be a list: areas: [passkeysArea({ … })]')
  for (const handle of handles) requireHandle(handle)
  const names = handles.map(({ declaration }) => declaration.name)
  refuseTwice(names)
  refuseMissingNeeds(handles, names)
  refuseStrayEntities(app.orm, names)
  return handles.toSorted((a, b) => placeOf(a) - placeOf(b)).map((handle) => openArea(handle, app))
}

function openArea({ declaration, ...handle }: AreaHandle, app: OpenedWith): OpenArea {
  const columns: Column[] = []
  const buckets: Bucket[] = []
  const tables = new Map<string, Table>()
  const { name } = declaration
  const parts = handle.open({
    orm: app.orm,
    origin: app.origin,
    appName: app.appName,
    table(key, entity) {
      const asked = { orm: app.orm, option: `${name}: entities.${key}`, entity }
      const table = readTable(asked, bundleOf(declaration, key), columns)
      tables.set(key, table)
      return table
    },
    policy(settings, changes) {
      const policy = createAreaPolicy(settings, changes ?? {}, name, app.check)
      buckets.push(...listBuckets(Object(policy), name).map(([, bucket]) => bucket))
      return policy
    },
  })
  const sealed = (declaration.sealed ?? []).map((column) => {
    const table = tables.get(column.table)
    if (table === undefined) throw new Impossible(`the area ${name} opens no table ${column.table}`)
    return sealedPlace(table, column)
  })
  return { ...parts, declaration, columns, buckets, sealed }
}

function bundleOf({ name, tables }: AreaDeclaration, key: string): Bundle {
  const bundle = tables[key]
  if (bundle !== undefined) return bundle
  throw new Impossible(`the area ${name} declares no table ${key}`)
}

function requireHandle(value: unknown): void {
  if (typeof value === 'object' && value !== null && 'declaration' in value && 'open' in value) return
  throw new ConfigInvalid(
    'areas holds something that is no area: each is made by a function like passkeysArea({ … })',
  )
}

function refuseTwice(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new ConfigInvalid(`areas names ${twice} twice`)
}

function refuseMissingNeeds(handles: readonly AreaHandle[], names: readonly string[]): void {
  for (const { name, needs } of handles.map(({ declaration }) => declaration)) {
    const missing = needs.find((need) => !names.includes(need))
    if (missing !== undefined) throw new ConfigInvalid(`areas: ${name} needs ${missing}, which is not there`)
  }
}

/**
 * A process that has the tables of an area and not the area would judge by other factors than the next one. All of its tables,
 * as one alone may look like one of the host's: `role`, `user` and `organization` make a membership anywhere.
 */
function refuseStrayEntities(orm: MikroORM, names: readonly string[]): void {
  const entities: EntityMetadata[] = [...orm.getMetadata().getAll().values()]
  for (const { name, tables } of knownAreas.filter((area) => !names.includes(area.name))) {
    const found = Object.values(tables).map((bundle) => entities.find((meta) => isMadeOf(meta, bundle)))
    const [stray] = found
    if (stray === undefined || found.includes(undefined)) continue
    throw new ConfigInvalid(
      `${stray.className} is an entity of ${name}, which areas does not name: put it into app/areas.ts, or take the entity out of MikroORM`,
    )
  }
}

function isMadeOf({ properties }: EntityMetadata, bundle: Bundle): boolean {
  return Object.keys(bundle).every((property) => Object.hasOwn(properties, property))
}

/** One that the library does not list comes last. */
function placeOf({ declaration }: AreaHandle): number {
  const place = knownAreas.findIndex(({ name }) => name === declaration.name)
  return place === -1 ? knownAreas.length : place
}
