import type { Runtime } from '../runtime.ts'
import { quotedName } from '../read-table.ts'
import { listUserRelations } from './list-relations.ts'

/**
 * Relations to the user about which `accountData` says nothing: nobody has decided what becomes of those rows when an
 * account is deleted, nor whether its export has them. Tables of accounts and of areas are the library's to know.
 *
 * @returns `Project.createdBy`, in the order of the app's entities.
 */
export function listUndeclared({ orm, entities, tables, areas, accountData }: Runtime): string[] {
  const own = new Set([tables, ...areas].flatMap(({ columns }) => columns.map(({ table }) => table)))
  return listUserRelations(orm, entities)
    .filter(({ meta }) => !own.has(quotedName(meta)))
    .filter(
      ({ meta, property }) =>
        !accountData.tables.some(({ entity, owner }) => entity === meta.class && owner === property.name),
    )
    .map(({ meta, property }) => `${meta.className}.${property.name}`)
}
