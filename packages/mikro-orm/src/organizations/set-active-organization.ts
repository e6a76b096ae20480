import { sql } from '../database/sql.ts'
import type { TransactionOf } from '../database/transaction-of.ts'

/** The organization that a session is at work in from its next request on, where the path of a page names none. */
export async function setActiveOrganization(
  { tables, rows }: Pick<TransactionOf<unknown>, 'tables' | 'rows'>,
  { id }: { id: string },
  organizationId: string,
): Promise<void> {
  await rows(
    sql`update ${tables.userSession.name} set active_organization_id = ${organizationId} where id = ${id}`,
  )
}
