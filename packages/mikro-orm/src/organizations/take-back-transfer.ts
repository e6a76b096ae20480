import type { Roles } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import type { TransactionOf } from '../database/transaction-of.ts'
import type { AreaLine } from '../hooks.ts'
import { isEnabled } from '../sessions/living-session.ts'
import type { UserId } from '../user-id.ts'
import type { OrganizationTables } from './organization-tables.ts'
import { revokeUnsendable } from './revoke-unsendable.ts'

type Tx = TransactionOf<unknown>

interface Area {
  tables: OrganizationTables
  roles: Roles
}

/** A transfer that nothing can undo any more, but whoever ended it. */
export interface EndedTransfer {
  /** Of the organization. */
  id: string
  name: string
  giver: string
}

interface Changed {
  id: string
  userId: UserId
  role: string
  formerRole: string
}

/** Of any number who end one, one gets it, and holds the lock of the organization as everything does that changes members. */
export async function endTransfers(tx: Tx, { tables }: Area, isIt: Sql): Promise<EndedTransfer[]> {
  const { organization } = tables
  return tx.rows<EndedTransfer>(sql`
    with former as (
      select o.id, o.transferred_by from ${organization.name} o where ${isIt} order by o.id for no key update
    )
    update ${organization.name} o
    set transferred_by = null, transferred_to = null, transfer_hash = null, transfer_undo_until = null
    from former where o.id = former.id
    returning o.id::text as id, o.name, former.transferred_by as giver`)
}

/**
 * Whoever handed the organization over is an owner again, and whoever became one by it, or by whom it made one, is what they were.
 *
 * @param record Writes what changed, and tells whoever it is about.
 * @returns Whether it was given back: who is gone or disabled gets nothing.
 */
export async function takeBackTransfer(
  tx: Tx,
  area: Area,
  ended: EndedTransfer,
  record: (line: AreaLine) => Promise<void>,
): Promise<boolean> {
  const given = await giveBack(tx, area, ended)
  if (given === null) return false
  const { id } = ended
  await record({
    action: 'organization.transfer_undone',
    subjectId: given.userId,
    targetId: id,
    organizationId: id,
    metadata: {},
  })
  for (const changed of [given, ...(await takeBack(tx, area, ended))]) {
    const { userId, role, formerRole } = changed
    if (role === formerRole) continue
    await revokeUnsendable(tx, area, { organizationId: id, userId, role })
    await record({
      action: 'member.role_changed',
      subjectId: userId,
      targetId: changed.id,
      organizationId: id,
      metadata: { role, formerRole },
      tells: 'memberRoleChanged',
    })
  }
  return true
}

async function giveBack(
  tx: Tx,
  { tables, roles }: Area,
  { id, giver }: EndedTransfer,
): Promise<Changed | null> {
  const [row] = await tx.rows<Changed>(sql`
    update ${tables.membership.name} m set role = ${roles.owner}, role_before = null
    from ${tables.membership.name} f, ${tx.tables.user.name} u
    where m.organization_id = ${id} and m.user_id::text = ${giver} and f.id = m.id and u.id = m.user_id and ${isEnabled(tx.now)}
    returning m.id::text as id, m.user_id::text as "userId", m.role, f.role as "formerRole"`)
  return row ?? null
}

async function takeBack(tx: Tx, { tables, roles }: Area, { id }: EndedTransfer): Promise<Changed[]> {
  return tx.rows<Changed>(sql`
    update ${tables.membership.name} m
    set role = case m.role when ${roles.owner} then m.role_before else m.role end, role_before = null
    from ${tables.membership.name} f where m.organization_id = ${id} and m.role_before is not null and f.id = m.id
    returning m.id::text as id, m.user_id::text as "userId", m.role, f.role as "formerRole"`)
}
