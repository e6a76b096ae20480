import type { EntityClass, EntityMetadata, EntityProperty } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid } from '@sigra/core'
import { userProperties } from '../schema/user.ts'

/** A host's column that every session carries. */
export interface SessionUserColumn {
  property: string
  column: string
  /** Turns what the driver returns into what the entity would hold. */
  read(value: unknown): unknown
}

/**
 * Checks which host properties every session is to carry: plain columns of the host's own, nothing hidden. Whatever
 * is named here can end in a page.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the first property that may not be there.
 */
export function readSessionUser(
  orm: MikroORM,
  user: EntityClass<unknown>,
  names: readonly string[],
): readonly SessionUserColumn[] {
  const meta: EntityMetadata = orm.getMetadata().get(user)
  const properties = Object.values(meta.properties)
  return names.map((name) => {
    const property = properties.find((each) => each.name === name)
    if (!property) throw new ConfigInvalid(`sessionUser: "${name}" is no property of the user`)
    const refusal = refuse(property)
    const column = property.fieldNames?.[0]
    if (refusal || column === undefined) throw new ConfigInvalid(`sessionUser: "${name}" ${refusal}`)
    return { property: name, column, read: (value) => readColumn(orm, property, value) }
  })
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
