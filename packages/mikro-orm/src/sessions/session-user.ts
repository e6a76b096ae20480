import type { EntityClass, EntityMetadata } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid } from '@sigra/core'
import { userProperties } from '../schema/user.ts'

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
): readonly string[] {
  const meta: EntityMetadata = orm.getMetadata().get(user)
  const properties = Object.values(meta.properties)
  for (const name of names) {
    const property = properties.find((each) => each.name === name)
    const refusal = !property
      ? 'is no property of the user'
      : Object.hasOwn(userProperties, name) || property.primary
        ? "is the library's own column"
        : property.kind !== 'scalar' || property.fieldNames?.length !== 1
          ? 'is not a plain column'
          : property.hidden || property.lazy
            ? 'is hidden or lazy'
            : null
    if (refusal) throw new ConfigInvalid(`sessionUser: "${name}" ${refusal}`)
  }
  return [...names]
}
