import { type Sql, sql } from '../database/sql.ts'
import type { TransactionOf } from '../database/transaction-of.ts'
import { isEnabled } from '../sessions/living-session.ts'
import type { Written } from './insert-organization.ts'
import type { OrganizationTables } from './organization-tables.ts'

/** Whether the user's row, named `u`, can act for an organization: neither disabled nor to be deleted. */
export function canAct(now: Sql): Sql {
  return sql`(${isEnabled(now)} and u.delete_after is null)`
}

/**
 * Whether an organization has an owner beside the one whose row of memberships is `m`: somebody who can act as one. Asked in
 * the statement that would take the role away, under the organization's lock.
 */
export function hasAnotherOwner(
  { tables: { user }, now }: Pick<TransactionOf<unknown>, 'tables' | 'now'>,
  { tables, roles }: Written,
): Sql {
  return sql`exists (
    select from ${tables.membership.name} a join ${user.name} u on u.id = a.user_id
    where a.organization_id = m.organization_id and a.id <> m.id and a.role = ${roles.owner} and ${canAct(now)})`
}

/** Whether the row of memberships `m` may go, or have another role: nobody's organization is left without an owner. */
export function mayGiveUp(tx: Pick<TransactionOf<unknown>, 'tables' | 'now'>, area: Written): Sql {
  return sql`(m.role <> ${area.roles.owner} or ${hasAnotherOwner(tx, area)})`
}

/** Whether others are in the organization of the row of memberships `m`. */
export function hasOthers({ membership }: OrganizationTables): Sql {
  return sql`exists (
    select from ${membership.name} a where a.organization_id = m.organization_id and a.id <> m.id)`
}
