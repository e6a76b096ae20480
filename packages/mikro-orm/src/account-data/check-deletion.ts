import type { EntityMetadata, EntityProperty } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid } from '@sigra/core'
import type { Policy } from '../policy.ts'
import type { Entities } from '../tables.ts'
import type { AccountData, AccountTable } from './account-data.ts'
import { planOwnColumns } from './own-columns.ts'

type Strategy = Policy['deletion']['strategy']

/**
 * Refuses at the start what no deletion could do, and would only be found out when the first is due.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the first relation or column.
 */
export function checkDeletion(
  orm: MikroORM,
  { User }: Pick<Entities, 'User'>,
  { tables, user }: AccountData,
  strategy: Strategy,
): void {
  for (const table of tables) {
    refuseNulls(orm, table)
    if (strategy === 'hard') refuseStaying(orm, table)
  }
  if (strategy === 'anonymise') planOwnColumns(orm, User, user)
}

function refuseNulls(orm: MikroORM, { entity, onDelete }: AccountTable): void {
  if (onDelete === 'delete' || !('set' in onDelete)) return
  for (const [name, value] of Object.entries(onDelete.set)) {
    const property = propertyOf(orm, entity, name)
    if (property === undefined)
      throw new ConfigInvalid(`accountData: ${entity.name} has no property "${name}"`)
    if (value !== null || property.nullable) continue
    throw new ConfigInvalid(
      `accountData: ${entity.name}.${name} cannot be null: set something else, or "delete"`,
    )
  }
}

/** What still leads to a row that goes stops the deletion, or goes with it. */
function refuseStaying(orm: MikroORM, { entity, owner, onDelete }: AccountTable): void {
  if (onDelete === 'delete' || propertyOf(orm, entity, owner)?.deleteRule === 'set null') return
  if (
    'set' in onDelete &&
    Object.entries(onDelete.set).some(([name, value]) => name === owner && value === null)
  )
    return
  throw new ConfigInvalid(
    `accountData: ${entity.name}.${owner} leads to a row that policy.deletion.strategy "hard" deletes: set ${owner} to null, "delete", or choose another strategy`,
  )
}

function propertyOf(orm: MikroORM, entity: AccountTable['entity'], name: string): EntityProperty | undefined {
  const meta: EntityMetadata = orm.getMetadata().get(entity)
  return Object.values(meta.properties).find((each) => each.name === name)
}
