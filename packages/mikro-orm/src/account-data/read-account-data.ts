import type { EntityMetadata } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid } from '@sigra/core'
import type { Policy } from '../policy.ts'
import { refuseUnknown } from '../refuse-unknown.ts'
import type { Entities } from '../tables.ts'
import { type AccountData, type AccountUser, noAccountData } from './account-data.ts'
import { checkDeletion } from './check-deletion.ts'
import { listOwnColumns } from '../user-columns.ts'
import { listUserRelations } from './list-relations.ts'

const knownOptions = { version: true, tables: true, user: true, inTransaction: true } satisfies Record<
  keyof AccountData,
  true
>

const knownOfUser = { export: true, omitted: true, onDelete: true } satisfies Record<keyof AccountUser, true>

/**
 * Checks what an app says about its tables.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for an entity MikroORM does not know, an owner that is no relation to the
 *   user, an entity that stands there twice with one owner, a column of the user that is not the app's own, and what no
 *   deletion could do.
 */
export function readAccountData(
  orm: MikroORM,
  entities: Pick<Entities, 'User'>,
  { deletion }: Pick<Policy, 'deletion'>,
  data: AccountData = noAccountData,
): AccountData {
  refuseUnknown(data, knownOptions, (key) => `accountData: "${key}" is not known`)
  refuseUnknown(data.user ?? {}, knownOfUser, (key) => `accountData.user: "${key}" is not known`)
  const own = listOwnColumns(orm, entities.User)
  const { omitted = {}, onDelete } = data.user ?? {}
  for (const name of [...Object.keys(omitted), ...Object.keys(onDelete?.set ?? {})])
    if (!own.includes(name)) throw new ConfigInvalid(`accountData.user: "${name}" is no column of your own`)
  const relations = listUserRelations(orm, entities)
  const named = new Set<string>()
  for (const { entity, owner } of data.tables) {
    const meta: EntityMetadata | undefined = orm.getMetadata().find(entity)
    if (!meta) throw new ConfigInvalid(`accountData: ${entity.name} is not among the entities of MikroORM`)
    const name = `${meta.className}.${owner}`
    if (!relations.some((each) => each.meta === meta && each.property.name === owner))
      throw new ConfigInvalid(`accountData: ${name} is no relation to the user`)
    if (named.has(name)) throw new ConfigInvalid(`accountData: ${name} stands there twice`)
    named.add(name)
  }
  checkDeletion(orm, entities, data, deletion.strategy)
  return data
}
