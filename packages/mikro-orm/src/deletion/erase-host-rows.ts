import { listUserLinks } from '../account-data/list-relations.ts'
import { orderTables } from '../account-data/order-tables.ts'
import { identifier, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { namesOf } from '../read-table.ts'
import type { UserId } from '../user-id.ts'
import { HostRefused } from './refusal.ts'

/**
 * Does with the app's own rows of an account what `accountData` says, whatever filters their entities have: a row that an
 * app only hides is there all the same. What the app does beside comes first: it may have to read them.
 *
 * @throws {HostRefused} when `inTransaction` throws.
 */
export async function eraseHostRows(tx: Transaction, userId: UserId): Promise<void> {
  const { orm, entities, accountData } = tx.runtime
  await runInTransaction(tx, userId)
  for (const { entity, owner, onDelete } of orderTables(orm, accountData.tables)) {
    const theirs = { [owner]: userId }
    if (onDelete === 'delete') await tx.em.nativeDelete(entity, theirs, { filters: false })
    else if ('set' in onDelete) await tx.em.nativeUpdate(entity, theirs, onDelete.set, { filters: false })
  }
  for (const { meta, property } of listUserLinks(orm, entities)) {
    for (const column of property.fieldNames) {
      await tx.rows(sql`delete from ${identifier(...namesOf(meta))} where ${identifier(column)} = ${userId}`)
    }
  }
}

async function runInTransaction({ em, runtime }: Transaction, id: UserId): Promise<void> {
  const { inTransaction } = runtime.accountData
  if (inTransaction === undefined) return
  for (const { hostTables } of runtime.areas)
    for (const [filter, args] of Object.entries(hostTables?.seesAll ?? {})) em.setFilterParams(filter, args)
  try {
    await inTransaction(em, { id })
    await em.flush()
  } catch (error) {
    throw new HostRefused('inTransaction', { cause: error })
  }
}
