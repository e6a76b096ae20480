import type { EntityClass, EntityMetadata, EntityProperty } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid } from '@sigra/core'
import { identifier, type Sql, sql } from '../database/sql.ts'
import { listOwnColumns } from '../user-columns.ts'
import type { AccountUser } from './account-data.ts'

/** What becomes of the app's own columns of a user whose row stays, and says nothing any more. */
export interface OwnColumns {
  /** Assignments of one update. */
  cleared: readonly Sql[]
  /** What the app wants there instead, by property. */
  set: Readonly<Record<string, unknown>>
}

const TEXT = /^(?:text|varchar|character varying|citext)\b/i
const LONGEST_NAME = 'deleted-'.length + 36 // with a UUID

/**
 * Finds out what to write over each of the app's own columns of the user: what `onDelete.set` says; else null, the default,
 * no text at all, or where text is unique, the name of the deleted account.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the first column for which nobody has said anything.
 */
export function planOwnColumns(
  orm: MikroORM,
  user: EntityClass<unknown>,
  { onDelete: { set } = { set: {} } }: Pick<AccountUser, 'onDelete'> = {},
): OwnColumns {
  const meta: EntityMetadata = orm.getMetadata().get(user)
  const names = listOwnColumns(orm, user).filter((name) => !Object.hasOwn(set, name))
  const properties: EntityProperty[] = Object.values(meta.properties)
  const cleared = properties
    .filter(({ name, generated }) => names.includes(name) && generated === undefined)
    .flatMap((property) => {
      const value = emptyOf(meta, property)
      return (property.fieldNames ?? []).map((column) => sql`${identifier(column)} = ${value}`)
    })
  return { cleared, set }
}

function emptyOf(meta: EntityMetadata, property: EntityProperty): Sql {
  if (property.nullable) return sql`null`
  const unique = isUnique(meta, property)
  if (!unique && property.defaultRaw !== undefined) return sql`default`
  if (isText(property)) {
    if (!unique) return sql`''`
    if ((property.length ?? LONGEST_NAME) >= LONGEST_NAME) return sql`'deleted-' || id::text`
  }
  throw new ConfigInvalid(
    `accountData.user: say what ${meta.className}.${property.name} becomes when an account is deleted: onDelete: { set: { ${property.name}: … } }`,
  )
}

function isText({ kind, enum: isEnum, columnTypes }: EntityProperty): boolean {
  return kind === 'scalar' && isEnum !== true && TEXT.test(columnTypes?.[0] ?? '')
}

function isUnique({ uniques }: EntityMetadata, { name, unique }: EntityProperty): boolean {
  if (unique !== undefined && unique !== false) return true
  const all: readonly { properties?: unknown }[] = uniques
  return all.some(
    ({ properties }) => properties === name || (Array.isArray(properties) && properties.includes(name)),
  )
}
