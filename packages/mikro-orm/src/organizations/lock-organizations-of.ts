import { sql } from '../database/sql.ts'
import type { TransactionOf } from '../database/transaction-of.ts'
import type { UserId } from '../user-id.ts'
import type { OrganizationTables } from './organization-tables.ts'

/** In the order of all flows, organizations before users; of two at once each in the order of the ids. */
export async function lockOrganizationsOf(
  tx: TransactionOf<unknown>,
  { organization, membership }: OrganizationTables,
  userId: UserId,
): Promise<void> {
  await tx.rows(sql`
    select from ${organization.name} o where o.id in (
      select m.organization_id from ${membership.name} m where m.user_id = ${userId})
    order by o.id for update`)
}
