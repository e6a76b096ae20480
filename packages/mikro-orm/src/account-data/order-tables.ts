import type { EntityMetadata, EntityProperty } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { holdsId, quotedName } from '../read-table.ts'
import type { AccountTable } from './account-data.ts'

/**
 * In which order rows go: what only changes first, then each table before those that it refers to. Where tables refer to
 * each other in a circle, the app's own order is kept; what the database refuses then, it names.
 */
export function orderTables(orm: MikroORM, tables: readonly AccountTable[]): readonly AccountTable[] {
  const deleted = tables.filter(({ onDelete }) => onDelete === 'delete')
  const metaOf = ({ entity }: AccountTable): EntityMetadata => orm.getMetadata().get(entity)
  const ordered: AccountTable[] = []
  const seen = new Set<AccountTable>()
  const place = (table: AccountTable): void => {
    if (seen.has(table)) return
    seen.add(table)
    for (const other of deleted) if (refersTo(metaOf(other), metaOf(table))) place(other)
    ordered.push(table)
  }
  for (const table of deleted) place(table)
  return [...tables.filter(({ onDelete }) => onDelete !== 'delete'), ...ordered]
}

function refersTo({ properties }: EntityMetadata, target: EntityMetadata): boolean {
  const all: EntityProperty[] = Object.values(properties)
  return all.some(
    (property) =>
      holdsId(property) &&
      property.targetMeta !== undefined &&
      quotedName(property.targetMeta) === quotedName(target),
  )
}
