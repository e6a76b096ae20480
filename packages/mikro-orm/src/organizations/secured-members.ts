import type { Roles } from '@sigra/core'
import { iso, type Sql, sql } from '../database/sql.ts'
import type { TransactionOf } from '../database/transaction-of.ts'
import type { Hooks, SecuredUser } from '../hooks.ts'
import { isEnabled } from '../sessions/living-session.ts'
import type { UserId } from '../user-id.ts'
import { isTransferOpen } from './is-transfer-open.ts'
import { lockOrganizationsOf } from './lock-organizations-of.ts'
import { loseMemberships } from './lose-memberships.ts'
import type { OrganizationTables } from './organization-tables.ts'
import { endTransfers, takeBackTransfer } from './take-back-transfer.ts'

interface Area {
  tables: OrganizationTables
  roles: Roles
}

/**
 * What becomes of organizations when somebody says "This wasn't me": those that were to be deleted, or handed over, in their name
 * are theirs again, by whichever notice they say so, as long as it can be taken back. What an address had won that is theirs no more
 * goes with it.
 */
export function securedMembers(
  area: Area,
): Required<Pick<Hooks, 'beforeSecured' | 'comesBack' | 'onSecured'>> {
  return {
    beforeSecured: (tx, { userId }) => lockOrganizationsOf(tx, area.tables, userId),
    async comesBack(tx, { userId }) {
      const found = await tx.rows<{ name: string }>(sql`
        select o.name from ${area.tables.organization.name} o
        where ${isToRestore(tx, userId)} or ${isToTakeBack(tx, userId)} order by o.name, o.id`)
      return found.length === 0 ? [] : [{ reason: 'comes-back', names: found.map(({ name }) => name) }]
    },
    async onSecured(tx, user) {
      await restore(tx, area, user)
      await takeBack(tx, area, user)
      if (user.undoneSince !== null) await loseMemberships(tx, area, user, user.undoneSince)
    },
  }
}

async function restore(tx: TransactionOf<unknown>, { tables }: Area, user: SecuredUser): Promise<void> {
  const restored = await tx.rows<{ id: string }>(sql`
    update ${tables.organization.name} o set delete_after = null
    where ${isToRestore(tx, user.userId)}
    returning o.id::text as id`)
  for (const { id } of restored)
    await user.record({ action: 'organization.restored', targetId: id, organizationId: id, metadata: {} })
}

async function takeBack(
  tx: TransactionOf<unknown>,
  area: Area,
  { userId, record }: SecuredUser,
): Promise<void> {
  for (const ended of await endTransfers(tx, area, isToTakeBack(tx, userId)))
    await takeBackTransfer(tx, area, ended, record)
}

/** Whether the organization `o` is to be deleted because it was asked for in their name. */
function isToRestore(tx: TransactionOf<unknown>, userId: UserId): Sql {
  return sql`(o.delete_after > ${tx.now} and exists (
    select from ${tx.tables.auditEvent.name} e
    where e.subject_id = ${userId}::text and e.action = 'organization.deletion_scheduled'
      and e.organization_id = o.id::text and e.metadata ->> 'deleteAfter' = ${iso(sql`o.delete_after`)}))`
}

/** Whether the organization `o` was handed over in their name, and can be given back to them. */
function isToTakeBack(tx: TransactionOf<unknown>, userId: UserId): Sql {
  return sql`(o.transferred_by = ${userId}::text and ${isTransferOpen(tx.now)} and o.delete_after is null
    and exists (select from ${tx.tables.user.name} u where u.id = ${userId} and ${isEnabled(tx.now)}))`
}
