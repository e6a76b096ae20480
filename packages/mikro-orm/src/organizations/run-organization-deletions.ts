import type { AreaDeletions } from '../areas/area-deletions.ts'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { DatabaseUnavailable } from '../database/database-unavailable.ts'
import { type Sql, sql } from '../database/sql.ts'
import { databaseNow, inTransaction, statement } from '../database/transaction.ts'
import { BY_THE_RUN } from '../deletion/by-the-run.ts'
import { refusalOf } from '../deletion/refusal.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { eraseOrganization } from './erase-organization.ts'
import { requireOrganizations } from './require-organizations.ts'

interface RunOptions {
  /** @default 100 */
  organizationsPerRun?: number
}

const ORGANIZATIONS_PER_RUN = 100
const RETRY_HOURS = 1

/**
 * Deletes organizations whose grace is over, each in a transaction of its own: a run that is killed leaves every one whole or
 * gone, and the next one goes on. One that a table refuses stays as it is, is in the audit log, and is tried again after an
 * hour. Of two runs at once each organization is one's.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const runOrganizationDeletions = defineFlow(
  {
    name: 'runOrganizationDeletions',
    principal: 'worker',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (
    runtime: Runtime,
    { organizationsPerRun = ORGANIZATIONS_PER_RUN }: RunOptions = {},
  ): Promise<AreaDeletions> => {
    const due = await statement<{ id: string }>(runtime, dueOrganizations(runtime, organizationsPerRun))
    const done = { deleted: 0, failed: 0, skipped: 0 }
    for (const { id } of due) done[await deleteDue(runtime, id)]++
    const { deleted, failed } = done
    return { deleted, failed, more: due.length >= organizationsPerRun && deleted + failed > 0 }
  },
)

/** Those whose grace is over, for the longest first. What was refused within the hour is for later. */
function dueOrganizations(runtime: Runtime, limit: number): Sql {
  const { organization } = requireOrganizations(runtime).tables
  const now = databaseNow(runtime)
  return sql`
    select o.id::text as id from ${organization.name} o
    where o.delete_after <= ${now} and not exists (
      select from ${runtime.tables.auditEvent.name} e
      where e.organization_id = o.id::text and e.action = 'organization.deletion_failed'
        and e.occurred_at > ${now} - ${RETRY_HOURS} * interval '1 hour')
    order by o.delete_after limit ${limit}`
}

async function deleteDue(runtime: Runtime, id: string): Promise<'deleted' | 'failed' | 'skipped'> {
  const { organization } = requireOrganizations(runtime).tables
  try {
    return await inTransaction(runtime, async (tx) => {
      // Another run has it, or somebody is at work there: it is for the next run.
      const [due] = await tx.rows<{ slug: string }>(sql`
        select o.slug from ${organization.name} o where o.id = ${id} and o.delete_after <= ${tx.now}
        for update skip locked`)
      if (!due) return 'skipped'
      await eraseOrganization(tx, { id, slug: due.slug })
      return 'deleted'
    })
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error
    await recordRefusal(runtime, id, error)
    return 'failed'
  }
}

/** In a transaction of its own: that of the deletion is gone. */
async function recordRefusal(runtime: Runtime, id: string, error: unknown): Promise<void> {
  const { reason, table } = refusalOf(error)
  runtime.logger.error('organization_deletion.failed', { organizationId: id, reason, table })
  await inTransaction(runtime, (tx) =>
    recordAuditEvent(tx, BY_THE_RUN, {
      action: 'organization.deletion_failed',
      outcome: 'failure',
      actorId: null,
      targetId: id,
      organizationId: id,
      metadata: { reason, ...(table === null ? {} : { table }) },
    }),
  )
}
