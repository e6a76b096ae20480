import type { EntityClass, EntityMetadata, EntityProperty } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid } from '@sigra/core'
import { identifier, type Sql } from './database/sql.ts'

export interface Table {
  /** The quoted name, with its schema where it has one, ready for a template. */
  readonly name: Sql
  /** The same as text, for functions that take a table's name. */
  readonly quoted: string
  /** The quoted column of a property. Library columns are pinned and may be written out in SQL. */
  column(property: string): Sql
}

/** A column the library reads or writes, by its table's quoted name. */
export interface Column {
  table: string
  column: string
}

/** Properties that the library gives to an entity. */
export type Bundle = Readonly<Record<string, { readonly '~options': object }>>

/** Which entity, and what option named it. */
interface ReadTable {
  orm: MikroORM
  /** For messages: `entities.User`. */
  option: string
  entity: EntityClass<unknown> | undefined
}

export const keyOfUser = { '~options': { fieldName: 'id' } }

/** What every table that belongs to a user has beside its bundle. */
export const ownedByUser = { user: { '~options': { fieldName: 'user_id' } }, id: keyOfUser } satisfies Bundle

/**
 * Reads a table and its columns from the host's metadata.
 *
 * @param columns Gets every column the library will ask for.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the entity or column that is missing.
 */
export function readTable(asked: ReadTable, bundle: Bundle, columns: Column[]): Table {
  const meta = metadataOf(asked)
  for (const [property, builder] of Object.entries(bundle)) {
    const wanted = 'fieldName' in builder['~options'] ? builder['~options'].fieldName : property
    const found = columnOf(meta, property)
    if (found === undefined) {
      throw new ConfigInvalid(
        `${asked.option} (${meta.className}) has no property "${property}": spread the library's properties into it`,
      )
    }
    if (found !== wanted) {
      throw new ConfigInvalid(
        `${asked.option} (${meta.className}) stores "${property}" in column "${found}"; it must be "${String(wanted)}"`,
      )
    }
  }
  const names = namesOf(meta)
  const columnName = (property: string) => {
    const column = columnOf(meta, property)
    if (column !== undefined) return column
    throw new ConfigInvalid(`${meta.className} has no column for the property "${property}"`)
  }
  const quoted = quotedName(meta)
  columns.push(...Object.keys(bundle).map((property) => ({ table: quoted, column: columnName(property) })))
  return {
    name: identifier(...names),
    quoted,
    column: (property) => identifier(columnName(property)),
  }
}

/** @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for an entity that MikroORM does not know. */
export function metadataOf({ orm, option, entity }: ReadTable): EntityMetadata {
  const meta = entity === undefined ? undefined : orm.getMetadata().find(entity)
  if (meta === undefined) {
    throw new ConfigInvalid(`${option} is missing, or not among the entities of the MikroORM configuration`)
  }
  return meta
}

export function schemaOf(meta: EntityMetadata): string[] {
  return meta.schema === undefined || meta.schema === '*' ? [] : [meta.schema]
}

/** A table's name, after its schema's where it has one. */
export function namesOf(meta: EntityMetadata): string[] {
  return [...schemaOf(meta), meta.tableName]
}

/** The same as `Table.quoted` says it. */
export function quotedName(meta: EntityMetadata): string {
  return namesOf(meta)
    .map((name) => `"${name.replaceAll('"', '""')}"`)
    .join('.')
}

/** Whether a row itself holds the id that a relation leads to. */
export function holdsId({ kind, owner }: Pick<EntityProperty, 'kind' | 'owner'>): boolean {
  return kind === 'm:1' || (kind === '1:1' && owner)
}

function columnOf(meta: EntityMetadata, property: string): string | undefined {
  return Object.values(meta.properties).find((each) => each.name === property)?.fieldNames?.[0]
}
