import { ConfigInvalid } from '@sigra/core'
import { sql } from '../database/sql.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { makePersonal } from './personal-organization.ts'
import { requireOrganizations } from './require-organizations.ts'

interface BackfillOptions {
  /** @default 100 */
  usersPerBatch?: number
  /** How many were made so far, after each batch. */
  onBatch?: (made: number) => void
}

/** What a run came to. */
export interface BackfilledOrganizations {
  made: number
  /** Accounts that somebody was at work on: the next run has them. */
  left: number
}

const USERS_PER_BATCH = 100

/**
 * Gives everybody a personal organization who registered before the app had them. Each batch is a transaction of its own, and
 * takes who has none yet: a run that is killed is gone on with by the next one, and of two at once each account is one's.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations, or where nobody gets a personal one.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const backfillPersonalOrganizations = defineFlow(
  {
    name: 'backfillPersonalOrganizations',
    principal: 'worker',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (
    runtime: Runtime,
    { usersPerBatch = USERS_PER_BATCH, onBatch }: BackfillOptions = {},
  ): Promise<BackfilledOrganizations> => {
    if (!requireOrganizations(runtime).hasPersonal)
      throw new ConfigInvalid('organizations: personal is false: nobody gets an organization of their own')
    let made = 0
    for (;;) {
      const batch = await inTransaction(runtime, (tx) => makeBatch(tx, usersPerBatch))
      if (batch === null) break
      made += batch
      onBatch?.(made)
    }
    return { made, left: await inTransaction(runtime, countLeft) }
  },
)

/**
 * Locked first, by a statement of its own: what the next one reads is what another run has left of them.
 *
 * @returns how many were made; `null` where nobody is left that is free.
 */
async function makeBatch(tx: Transaction, limit: number): Promise<number | null> {
  const { user } = tx.tables
  const locked = await tx.rows<{ id: UserId }>(sql`
    select u.id::text as id from ${user.name} u where ${lacksPersonal(tx)}
    order by u.id limit ${limit} for no key update skip locked`)
  if (locked.length === 0) return null
  const ids = locked.map(({ id }) => id)
  const lacking = await tx.rows<{ id: UserId }>(sql`
    select u.id::text as id from ${user.name} u where u.id::text = any(${ids}) and ${lacksPersonal(tx)}`)
  for (const { id } of lacking) await makePersonal(tx, requireOrganizations(tx.runtime), id)
  return lacking.length
}

async function countLeft(tx: Transaction): Promise<number> {
  const [row] = await tx.rows<{ count: number }>(sql`
    select count(*)::int as count from ${tx.tables.user.name} u where ${lacksPersonal(tx)}`)
  return row?.count ?? 0
}

/** Over a row of users named `u`. Who is deleted needs none. */
function lacksPersonal({ runtime }: Transaction) {
  const { organization } = requireOrganizations(runtime).tables
  return sql`u.deleted_at is null and not exists (
    select from ${organization.name} o where o.personal_owner_id = u.id)`
}
