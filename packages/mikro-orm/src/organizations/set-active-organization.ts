import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { ContinuedSession } from '../sessions/continue-session.ts'

/** The organization that a session is at work in from its next request on, where the path of a page names none. */
export async function setActiveOrganization(
  tx: Transaction,
  { id }: ContinuedSession,
  organizationId: string,
): Promise<void> {
  await tx.rows(sql`
    update ${tx.tables.userSession.name} set active_organization_id = ${organizationId} where id = ${id}`)
}
