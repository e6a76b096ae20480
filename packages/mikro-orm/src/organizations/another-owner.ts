import { type Sql, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { isEnabled } from '../sessions/living-session.ts'
import { requireOrganizations } from './require-organizations.ts'

/**
 * Whether an organization has an owner beside the one whose row of memberships is `m`: somebody who can act as one, so neither
 * disabled nor to be deleted. Asked in the statement that would take the role away, under the organization's lock.
 */
export function hasAnotherOwner({ runtime, now }: Pick<Transaction, 'runtime' | 'now'>): Sql {
  const { tables, roles } = requireOrganizations(runtime)
  return sql`exists (
    select from ${tables.membership.name} a join ${runtime.tables.user.name} u on u.id = a.user_id
    where a.organization_id = m.organization_id and a.id <> m.id and a.role = ${roles.owner}
      and ${isEnabled(now)} and u.delete_after is null)`
}
