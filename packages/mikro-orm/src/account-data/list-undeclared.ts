import type { Runtime } from '../runtime.ts'
import { quotedName } from '../read-table.ts'
import { listOwnColumns } from '../user-columns.ts'
import { listUserRelations } from './list-relations.ts'

/**
 * Relations to the user, and the app's own columns of the user, about which `accountData` says nothing, and relations to what
 * an area has rows of the app belong to: nobody has decided what becomes of them in a deletion, nor whether an export has
 * them. Tables of accounts and of areas are the library's to know.
 *
 * @returns `User.displayName`, then `Project.createdBy`, in the order of the app's entities; those of areas last.
 */
export function listUndeclared({ orm, entities, tables, areas, accountData }: Runtime): string[] {
  const own = new Set([tables, ...areas].flatMap(({ columns }) => columns.map(({ table }) => table)))
  const { export: exported = [], omitted = {} } = accountData.user ?? {}
  const columns = listOwnColumns(orm, entities.User)
    .filter((name) => !exported.includes(name) && !Object.hasOwn(omitted, name))
    .map((name) => `${entities.User.name}.${name}`)
  const ofUsers = listUserRelations(orm, entities).filter(
    ({ meta, property }) =>
      !accountData.tables.some(({ entity, owner }) => entity === meta.class && owner === property.name),
  )
  const ofAreas = areas.flatMap(({ hostTables }) => hostTables?.listUndeclared() ?? [])
  const relations = [...ofUsers, ...ofAreas]
    .filter(({ meta }) => !own.has(quotedName(meta)))
    .map(({ meta, property }) => `${meta.className}.${property.name}`)
  return [...columns, ...relations]
}
