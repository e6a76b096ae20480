import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { BY_THE_RUN } from '../deletion/by-the-run.ts'
import { eraseOrganizationRows } from './erase-organization-rows.ts'
import { requireOrganizations } from './require-organizations.ts'

/**
 * Deletes an organization, whose row is locked, with everything that is its own, rows of the app's too. The audit log keeps its id and what happened
 * there.
 */
export async function eraseOrganization(
  tx: Transaction,
  { id, slug }: { id: string; slug: string },
): Promise<void> {
  const { tables, data } = requireOrganizations(tx.runtime)
  await eraseOrganizationRows(tx, data, id)
  await tx.rows(sql`delete from ${tables.organization.name} where id = ${id}`)
  await recordAuditEvent(tx, BY_THE_RUN, {
    action: 'organization.deleted',
    outcome: 'success',
    actorId: null,
    targetId: id,
    organizationId: id,
    metadata: { slug },
  })
}
