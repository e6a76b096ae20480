import type { Runtime } from '../runtime.ts'
import { quotedName } from '../read-table.ts'
import { listOwnColumns } from '../user-columns.ts'
import { listUserRelations } from './list-relations.ts'

/**
 * Relations to the user, and the app's own columns of the user, about which `accountData` says nothing: nobody has decided
 * what becomes of them when an account is deleted, nor whether its export has them. Tables of accounts and of areas are the
 * library's to know.
 *
 * @returns `User.displayName`, then `Project.createdBy`, in the order of the app's entities.
 */
export function listUndeclared({ orm, entities, tables, areas, accountData }: Runtime): string[] {
  const own = new Set([tables, ...areas].flatMap(({ columns }) => columns.map(({ table }) => table)))
  const { export: exported = [], omitted = {} } = accountData.user ?? {}
  const columns = listOwnColumns(orm, entities.User)
    .filter((name) => !exported.includes(name) && !Object.hasOwn(omitted, name))
    .map((name) => `${entities.User.name}.${name}`)
  const relations = listUserRelations(orm, entities)
    .filter(({ meta }) => !own.has(quotedName(meta)))
    .filter(
      ({ meta, property }) =>
        !accountData.tables.some(({ entity, owner }) => entity === meta.class && owner === property.name),
    )
    .map(({ meta, property }) => `${meta.className}.${property.name}`)
  return [...columns, ...relations]
}
