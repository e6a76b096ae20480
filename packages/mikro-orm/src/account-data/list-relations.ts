import type { EntityMetadata, EntityProperty } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { holdsId } from '../read-table.ts'
import type { Entities } from '../tables.ts'

/** A property of an entity that leads to another one. */
export interface Relation {
  meta: EntityMetadata
  property: EntityProperty
}

/** Every property, of any entity of the app, that holds the id of a user. */
export function listUserRelations(orm: MikroORM, { User }: Pick<Entities, 'User'>): Relation[] {
  return listRelations(orm, User)
}

/** Every property, of any entity of the app, that holds the id of a row of `target`. */
export function listRelations(orm: MikroORM, target: unknown): Relation[] {
  const metadata: EntityMetadata[] = [...orm.getMetadata().getAll().values()]
  return metadata
    .filter((meta) => !meta.abstract && !isLinkTable(meta))
    .flatMap((meta) => relationsOf(meta, target).map((property) => ({ meta, property })))
}

/** The same of the tables that MikroORM makes for many-to-many relations: each row is a link to a user, and nothing else. */
export function listUserLinks(orm: MikroORM, { User }: Pick<Entities, 'User'>): Relation[] {
  const metadata: EntityMetadata[] = [...orm.getMetadata().getAll().values()]
  return metadata
    .filter(isLinkTable)
    .flatMap((meta) => relationsOf(meta, User).map((property) => ({ meta, property })))
}

/** One without an entity of the app's: it is called like its table. */
function isLinkTable({ pivotTable, className, schema, tableName }: EntityMetadata): boolean {
  return pivotTable === true && (className === tableName || className === `${schema}.${tableName}`)
}

function relationsOf({ properties }: EntityMetadata, target: unknown): EntityProperty[] {
  const all: EntityProperty[] = Object.values(properties)
  return all.filter((property) => property.targetMeta?.class === target && holdsId(property))
}
