import type { EntityClass, EntityMetadata, EntityProperty } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid } from '@sigra/core'
import { identifier, type Sql } from './database/sql.ts'
import { userProperties } from './schema/user.ts'
import type { UserColumn } from './tables.ts'

/** Who asks for columns of the host's. */
type Asking = 'sessionUser' | 'mailUser' | 'accountData.user.export'

/**
 * Checks which host properties sessions, mails or exports are to carry: plain columns of the host's own, nothing hidden.
 * Whatever is named here can end in a page, a mail or a file.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the first property that may not be there.
 */
export function readUserColumns(
  orm: MikroORM,
  user: EntityClass<unknown>,
  option: Asking,
  names: readonly string[],
): readonly UserColumn[] {
  return names.map((name) => {
    const property = findProperty(orm, user, name)
    if (!property) throw new ConfigInvalid(`${option}: "${name}" is not a property of the user entity`)
    const refusal = refuse(property)
    const column = property.fieldNames?.[0]
    if (refusal || column === undefined) throw new ConfigInvalid(`${option}: "${name}" ${refusal}`)
    return { property: name, column, read: (value) => readColumn(orm, property, value) }
  })
}

/**
 * Finds the host's column that holds the language of somebody's mails.
 *
 * @returns `null` where the host names none.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for a property that is no text of the host's own.
 */
export function readLocaleColumn(
  orm: MikroORM,
  user: EntityClass<unknown>,
  name: string | undefined,
): Sql | null {
  if (name === undefined) return null
  const property = findProperty(orm, user, name)
  const column = property?.fieldNames?.[0]
  if (property?.runtimeType === 'string' && column !== undefined && refuse(property) === null) {
    return identifier(column)
  }
  throw new ConfigInvalid(
    `localeProperty: "${name}" must be a text property that you added to the user entity`,
  )
}

/** The app's own columns of the user, relations among them, by the names of their properties. */
export function listOwnColumns(orm: MikroORM, user: EntityClass<unknown>): string[] {
  const meta: EntityMetadata = orm.getMetadata().get(user)
  const all: EntityProperty[] = Object.values(meta.properties)
  return all
    .filter((property) => property.persist !== false && (property.fieldNames?.length ?? 0) > 0)
    .filter((property) => !property.primary && !Object.hasOwn(userProperties, property.name))
    .map(({ name }) => name)
}

function findProperty(orm: MikroORM, user: EntityClass<unknown>, name: string): EntityProperty | undefined {
  const meta: EntityMetadata = orm.getMetadata().get(user)
  return Object.values(meta.properties).find((each) => each.name === name)
}

function refuse(property: EntityProperty): string | null {
  if (Object.hasOwn(userProperties, property.name) || property.primary) return "is the library's own column"
  if (property.kind !== 'scalar' || property.fieldNames?.length !== 1) return 'is not a plain column'
  return property.hidden || property.lazy ? 'is hidden or lazy' : null
}

function readColumn(orm: MikroORM, property: EntityProperty, value: unknown): unknown {
  if (value === null) return null
  const platform = orm.em.getPlatform()
  if (property.customType) return property.customType.convertToJSValue(value, platform)
  return property.runtimeType === 'Date' && typeof value === 'string' ? platform.parseDate(value) : value
}
