import type { EntityMetadata, Type } from '@mikro-orm/core'
import { ConfigInvalid } from '@sigra/core'
import { identifier, sql, type Sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'
import { userProperties } from '../schema/user.ts'

/** A column of the host's own and the value to insert. */
export interface HostColumn {
  name: Sql
  value: Sql
}

/**
 * Turns the host's fields of a new user into columns, in the form the database stores them.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for a field the library owns (or a visitor could confirm their own
 *   address), and for one the user does not have.
 */
export function readHostFields(runtime: Runtime, fields: Readonly<Record<string, unknown>>): HostColumn[] {
  const platform = runtime.orm.em.getPlatform()
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => {
      const property = findHostProperty(runtime, field)
      const stored = property.customType ? property.customType.convertToDatabaseValue(value, platform) : value
      return { name: identifier(property.column), value: sql`${stored}` }
    })
}

function findHostProperty(
  runtime: Runtime,
  field: string,
): { column: string; customType: Type<unknown> | undefined } {
  const meta: EntityMetadata = runtime.orm.getMetadata().get(runtime.entities.User)
  const property = Object.values(meta.properties).find((each) => each.name === field)
  const [column, ...more] = property?.fieldNames ?? []
  if (!property || column === undefined || more.length > 0) {
    throw new ConfigInvalid(`fields: the user has no column "${field}"`)
  }
  if (Object.hasOwn(userProperties, field) || property.primary) {
    throw new ConfigInvalid(`fields: "${field}" is the library's own column`)
  }
  return { column, customType: property.customType }
}
