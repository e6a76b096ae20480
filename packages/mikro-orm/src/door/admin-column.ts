import type { EntityClass, EntityMetadata } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid } from '@sigra/core'
import { identifier, type Sql } from '../database/sql.ts'
import type { Policy } from '../policy.ts'
import { userProperties } from '../schema/user.ts'

/**
 * Finds the host's column that marks an admin.
 *
 * @returns `null` where the host names none.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for a property that is no boolean of the host's own, or where the
 *   policy speaks of admins and nothing says who is one.
 */
export function readAdminColumn(
  orm: MikroORM,
  user: EntityClass<unknown>,
  name: string | undefined,
  policy: Policy,
): Sql | null {
  if (name === undefined) {
    if (policy.secondFactor !== 'admins') return null
    throw new ConfigInvalid(
      "policy.secondFactor is 'admins', but adminProperty does not say which property of the user marks an admin",
    )
  }
  const meta: EntityMetadata = orm.getMetadata().get(user)
  const properties = Object.values(meta.properties)
  const property = properties.find((each) => each.name === name && !Object.hasOwn(userProperties, name))
  const column = property?.fieldNames?.[0]
  if (property?.runtimeType === 'boolean' && column !== undefined) return identifier(column)
  throw new ConfigInvalid(
    `adminProperty: "${name}" must be a boolean property that you added to the user entity`,
  )
}
