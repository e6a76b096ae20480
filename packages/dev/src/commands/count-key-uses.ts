import type { EntityMetadata, MikroORM } from '@mikro-orm/core'
import { EXIT } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'
import type { HostArea } from '../host/host-areas.ts'

/** What in the database still needs a key. */
export interface KeyUses {
  /** Seeds of authenticator apps sealed with it. */
  seeds: number
  /** Mailed links made with it that still work. */
  links: number
  /** Addresses that are held under it: nobody can digest them anew, they end by themselves. */
  holds: number
  /** By the name of an area, what of its is sealed with the key. */
  ofAreas: Readonly<Record<string, number>>
}

interface Counted {
  id: string
  n: string
}

const NONE: KeyUses = { seeds: 0, links: 0, holds: 0, ofAreas: {} }

/**
 * Counts by key id. Whatever the host calls its tables, the library's properties tell them.
 *
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` for an area whose entity MikroORM does not have: what it seals cannot be
 *   counted.
 */
export async function countKeyUses(orm: MikroORM, areas: readonly HostArea[]): Promise<Map<string, KeyUses>> {
  const uses = new Map<string, KeyUses>()
  const add = (rows: readonly Counted[], change: (former: KeyUses, n: number) => KeyUses) => {
    for (const { id, n } of rows) uses.set(id, change(uses.get(id) ?? NONE, Number(n)))
  }
  const [seeds, links, holds] = [
    findEntity(orm, ['sealedSecret', 'pendingSecret']),
    findEntity(orm, ['selector', 'purpose']),
    findEntity(orm, ['digest', 'keyId', 'until']),
  ]
  const connection = orm.em.getConnection()
  const platform = orm.em.getPlatform()
  if (seeds !== undefined) {
    const rows: Counted[] = await connection.execute(
      `select split_part(sealed_secret, '.', 2) as id, count(*) as n from ${nameOf(seeds, platform)} where activated_at is not null group by 1`,
    )
    add(rows, (former, n) => ({ ...former, seeds: n }))
  }
  if (links !== undefined) {
    const rows: Counted[] = await connection.execute(
      `select key_id as id, count(*) as n from ${nameOf(links, platform)}
       where used_at is null and superseded_at is null and expires_at > clock_timestamp() group by 1`,
    )
    add(rows, (former, n) => ({ ...former, links: n }))
  }
  if (holds !== undefined) {
    const rows: Counted[] = await connection.execute(
      `select key_id as id, count(*) as n from ${nameOf(holds, platform)} where held_until > clock_timestamp() group by 1`,
    )
    add(rows, (former, n) => ({ ...former, holds: n }))
  }
  for (const area of areas) {
    for (const { table, property } of area.sealed) {
      const { entity, column } = findColumn(orm, area, table, property)
      const rows: Counted[] = await connection.execute(
        `select split_part(${column}, '.', 2) as id, count(*) as n from ${nameOf(entity, platform)} where ${column} is not null group by 1`,
      )
      add(rows, ({ ofAreas, ...former }, n) => ({
        ...former,
        ofAreas: { ...ofAreas, [area.name]: (ofAreas[area.name] ?? 0) + n },
      }))
    }
  }
  return uses
}

function findColumn(orm: MikroORM, { name, tables }: HostArea, table: string, property: string) {
  const entity = findEntity(orm, Object.keys(tables[table] ?? { [property]: true }))
  const column = Object.values(entity?.properties ?? {}).find((each) => each.name === property)?.fieldNames[0]
  if (entity !== undefined && column !== undefined)
    return { entity, column: orm.em.getPlatform().quoteIdentifier(column) }
  throw new CommandFailed(
    EXIT.precondition,
    `MikroORM has no entity ${table} of ${name}: what it seals cannot be counted. Put it into app/accounts/entities/index.ts, or take ${name} out of app/areas.ts.`,
  )
}

function findEntity(orm: MikroORM, properties: readonly string[]): EntityMetadata | undefined {
  const all: EntityMetadata[] = [...orm.getMetadata().getAll().values()]
  return all.find((meta) => properties.every((property) => Object.hasOwn(meta.properties, property)))
}

/** What quotes names in this app's own statements. */
interface Quoting {
  quoteIdentifier(name: string): string
}

function nameOf({ schema, tableName }: EntityMetadata, platform: Quoting): string {
  const hasSchema = schema !== undefined && schema !== '*'
  return platform.quoteIdentifier(hasSchema ? `${schema}.${tableName}` : tableName)
}
