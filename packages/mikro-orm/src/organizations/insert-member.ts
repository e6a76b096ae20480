import { type Sql, sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'
import { requireOrganizations } from './require-organizations.ts'

interface NewMember {
  organizationId: string
  userId: UserId
  role: string
  /** What they are again where the transfer is undone by which they got the role, over an organization `o`. @default as it is */
  roleBefore?: Sql
}

/**
 * Makes somebody a member, under the organization's lock: of two who want the last seat the second one counts the first.
 *
 * @returns The membership's id; `null` for who is a member already, whose role stays as it is; `full` where no seat is left.
 */
export async function insertMember(
  tx: Transaction,
  { organizationId, userId, role, roleBefore = sql`null` }: NewMember,
): Promise<string | null | 'full'> {
  const { membership, organization } = requireOrganizations(tx.runtime).tables
  const present = await tx.rows(
    sql`select from ${membership.name} where user_id = ${userId} and organization_id = ${organizationId}`,
  )
  if (present.length > 0) return null
  const [row] = await tx.rows<{ id: string }>(sql`
    insert into ${membership.name} (id, organization_id, user_id, role, role_before, last_used_at, created_at)
    select ${newId(tx, membership)}, o.id, ${userId}, ${role}, ${roleBefore}, t.now, t.now
    from ${organization.name} o, (select ${tx.now} as now) t
    where o.id = ${organizationId} and (o.seat_limit is null
      or o.seat_limit > (select count(*) from ${membership.name} m where m.organization_id = o.id))
    returning id::text as id`)
  return row?.id ?? 'full'
}
