import type { Roles } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import type { TransactionOf } from '../database/transaction-of.ts'
import type { ErasedAccount, Hooks } from '../hooks.ts'
import type { UserId } from '../user-id.ts'
import { hasAnotherOwner, hasOthers } from './another-owner.ts'
import { eraseOrganizationRows } from './erase-organization-rows.ts'
import { lockOrganizationsOf } from './lock-organizations-of.ts'
import { isUnanswered } from './open-invitation.ts'
import type { OrganizationTable } from './organization-data.ts'
import type { OrganizationTables } from './organization-tables.ts'
import { promoteHeirs } from './promote-heirs.ts'

type Tx = TransactionOf<unknown>

interface Area {
  tables: OrganizationTables
  roles: Pick<Roles, 'owner' | 'ranked'>
  data: readonly OrganizationTable[]
}

/**
 * What becomes of organizations when an account is deleted. Who is their only owner gives them to somebody first; where it came
 * to it all the same, by the time that passed since, the member with most rights who has been there longest owns them. Those
 * that nobody else is in go along. What somebody sent is taken back as soon as they ask: accepting asks nothing of who invited.
 */
export function deletedMembers(
  area: Area,
): Required<
  Pick<Hooks, 'blocksDeletion' | 'goesAlong' | 'onDeletionScheduled' | 'beforeErased' | 'onErased'>
> {
  const { tables } = area
  return {
    async blocksDeletion(tx, { userId }) {
      const names = await findOrphans(tx, area, userId)
      return names.length === 0 ? [] : [{ reason: 'only-owner', names }]
    },
    async goesAlong(tx, { userId }) {
      const names = await findLonely(tx, area, userId)
      return names.length === 0 ? [] : [{ reason: 'goes-along', names }]
    },
    async onDeletionScheduled(tx, { userId }) {
      await tx.rows(sql`
        update ${tables.invitation.name} set revoked_at = ${tx.now} where invited_by_id = ${userId} and ${isUnanswered}`)
    },
    beforeErased: (tx, { userId }) => lockOrganizationsOf(tx, tables, userId),
    async onErased(tx, account) {
      await deleteLonely(tx, area, account)
      await promoteHeirs(tx, area, account, sql`true`)
      await forgetInvitations(tx, area, account)
      for (const { name } of [tables.membership, tables.exclusion])
        await tx.rows(sql`delete from ${name} where user_id = ${account.userId}`)
    },
  }
}

/** Those to the address go; of others nobody knows any more who sent or accepted them. */
async function forgetInvitations(
  tx: Tx,
  { tables: { invitation } }: Area,
  { userId, address }: ErasedAccount,
): Promise<void> {
  await tx.rows(sql`
    delete from ${invitation.name} where email_canonical = ${address}
      or (invited_by_id = ${userId} and ${isUnanswered})`)
  await tx.rows(sql`
    update ${invitation.name} set invited_by_id = nullif(invited_by_id, ${userId}),
      accepted_by_id = nullif(accepted_by_id, ${userId})
    where invited_by_id = ${userId} or accepted_by_id = ${userId}`)
}

/** Names of what others are members of and nobody else owns. */
async function findOrphans(tx: Tx, area: Area, userId: UserId): Promise<string[]> {
  const { membership, organization } = area.tables
  const rows = await tx.rows<{ name: string }>(sql`
    select o.name from ${membership.name} m join ${organization.name} o on o.id = m.organization_id
    where m.user_id = ${userId} and m.role = ${area.roles.owner} and o.delete_after is null
      and ${hasOthers(area.tables)} and not ${hasAnotherOwner(tx, area)}
    order by lower(o.name), o.id`)
  return rows.map(({ name }) => name)
}

/** Names of what nobody else is in. One's personal organization is part of the account. */
async function findLonely(tx: Tx, { tables }: Area, userId: UserId): Promise<string[]> {
  const { membership, organization } = tables
  const rows = await tx.rows<{ name: string }>(sql`
    select o.name from ${membership.name} m join ${organization.name} o on o.id = m.organization_id
    where m.user_id = ${userId} and o.delete_after is null and o.personal_owner_id is null and not ${hasOthers(tables)}
    order by lower(o.name), o.id`)
  return rows.map(({ name }) => name)
}

/** SQL for ids and slugs of what nobody else is in, the personal one among them. */
export function listLonely(tables: OrganizationTables, userId: UserId): Sql {
  const { membership, organization } = tables
  return sql`
    select o.id::text as id, o.slug from ${membership.name} m join ${organization.name} o on o.id = m.organization_id
    where m.user_id = ${userId} and not ${hasOthers(tables)}
    order by o.id`
}

async function deleteLonely(
  tx: Tx,
  { tables, data }: Area,
  { userId, record }: ErasedAccount,
): Promise<void> {
  const lonely = await tx.rows<{ id: string; slug: string }>(listLonely(tables, userId))
  for (const { id, slug } of lonely) {
    await eraseOrganizationRows(tx, data, id)
    await tx.rows(sql`delete from ${tables.organization.name} where id = ${id}`)
    const metadata = { slug }
    await record({ action: 'organization.deleted', targetId: id, organizationId: id, metadata })
  }
}
