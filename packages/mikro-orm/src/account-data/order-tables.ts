import type { EntityClass, EntityMetadata, EntityProperty, MetadataStorage } from '@mikro-orm/core'
import { holdsId, quotedName } from '../read-table.ts'

/** An ORM or one of its EntityManagers. */
interface KnowsEntities {
  getMetadata(): MetadataStorage
}

interface OrderedTable {
  readonly entity: EntityClass
  readonly onDelete: unknown
}

/**
 * In which order rows go: what only changes first, then each table before those that it refers to. Where tables refer to
 * each other in a circle, the app's own order is kept; what the database refuses then, it names.
 */
export function orderTables<Table extends OrderedTable>(
  orm: KnowsEntities,
  tables: readonly Table[],
): readonly Table[] {
  const deleted = tables.filter(deletesRows)
  const metaOf = ({ entity }: Table): EntityMetadata => orm.getMetadata().get(entity)
  const ordered: Table[] = []
  const seen = new Set<Table>()
  const place = (table: Table): void => {
    if (seen.has(table)) return
    seen.add(table)
    for (const other of deleted) if (refersTo(metaOf(other), metaOf(table))) place(other)
    ordered.push(table)
  }
  for (const table of deleted) place(table)
  return [...tables.filter((table) => !deletesRows(table)), ...ordered]
}

/** By a word, or by a function of the app's. */
function deletesRows({ onDelete }: OrderedTable): boolean {
  return onDelete === 'delete' || typeof onDelete === 'function'
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
