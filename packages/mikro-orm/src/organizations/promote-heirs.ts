import type { Roles } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import type { TransactionOf } from '../database/transaction-of.ts'
import type { ErasedAccount } from '../hooks.ts'
import { canAct, hasAnotherOwner } from './another-owner.ts'
import type { OrganizationTables } from './organization-tables.ts'

interface Area {
  tables: OrganizationTables
  roles: Pick<Roles, 'owner' | 'ranked'>
}

/**
 * Where somebody is the only owner who is about to go, the member with most rights who has been there longest becomes one. A transfer
 * by which they owned it reaches the heir, too.
 *
 * @param which Of their memberships `m`.
 */
export async function promoteHeirs(
  tx: TransactionOf<unknown>,
  area: Area,
  { userId, record }: Pick<ErasedAccount, 'userId' | 'record'>,
  which: Sql,
): Promise<void> {
  const { membership } = area.tables
  const { owner, ranked } = area.roles
  const heirs = await tx.rows<{ id: string; userId: string; organizationId: string; formerRole: string }>(sql`
    with heirs as (
      select distinct on (h.organization_id) h.id, h.role, m.role_before is not null as is_open
      from ${membership.name} m join ${membership.name} h on h.organization_id = m.organization_id and h.id <> m.id
      join ${tx.tables.user.name} u on u.id = h.user_id
      where m.user_id = ${userId} and m.role = ${owner} and not ${hasAnotherOwner(tx, area)} and ${which}
      order by h.organization_id, ${canAct(tx.now)} desc, array_position(${ranked}::text[], h.role::text), h.created_at, h.id
    )
    update ${membership.name} x set role = ${owner},
      role_before = case when heirs.is_open then heirs.role end from heirs where x.id = heirs.id and heirs.role <> ${owner}
    returning x.id::text as id, x.user_id::text as "userId", x.organization_id::text as "organizationId",
      heirs.role as "formerRole"`)
  for (const { id, userId: subjectId, organizationId, formerRole } of heirs) {
    const metadata = { role: owner, formerRole }
    const line = { action: 'member.role_changed', subjectId, targetId: id, organizationId, metadata }
    await record({ ...line, tells: 'memberRoleChanged' })
  }
}
