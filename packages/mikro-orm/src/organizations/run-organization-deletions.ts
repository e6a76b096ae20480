import { type Sql, sql } from '../database/sql.ts'
import { databaseNow, statement, type Transaction } from '../database/transaction.ts'
import { deleteEachDue, type DeletionRun, wasRefused } from '../deletion/delete-each-due.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { eraseOrganization } from './erase-organization.ts'
import { requireOrganizations } from './require-organizations.ts'

interface RunOptions {
  /** @default 100 */
  organizationsPerRun?: number
}

const ORGANIZATIONS_PER_RUN = 100

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
  ): Promise<DeletionRun> =>
    deleteEachDue(runtime, {
      due: await statement<DueOrganization>(runtime, dueOrganizations(runtime, organizationsPerRun)),
      most: organizationsPerRun,
      erase: eraseDue,
      refused: ({ id }) => ({
        event: 'organization_deletion.failed',
        fields: { organizationId: id },
        entry: { action: 'organization.deletion_failed', targetId: id, organizationId: id },
      }),
    }),
)

interface DueOrganization {
  id: string
}

/** Those whose grace is over, for the longest first. What was refused within the hour is for later. */
function dueOrganizations(runtime: Runtime, limit: number): Sql {
  const { organization } = requireOrganizations(runtime).tables
  const now = databaseNow(runtime)
  const refused = sql`e.organization_id = o.id::text and e.action = 'organization.deletion_failed'`
  return sql`
    select o.id::text as id from ${organization.name} o
    where o.delete_after <= ${now} and not ${wasRefused(runtime, now, refused)}
    order by o.delete_after limit ${limit}`
}

async function eraseDue(tx: Transaction, { id }: DueOrganization): Promise<boolean> {
  const { organization } = requireOrganizations(tx.runtime).tables
  // Another run has it, or somebody is at work there: it is for the next run.
  const [due] = await tx.rows<{ slug: string }>(sql`
    select o.slug from ${organization.name} o where o.id = ${id} and o.delete_after <= ${tx.now}
    for update skip locked`)
  if (!due) return false
  await eraseOrganization(tx, { id, slug: due.slug })
  return true
}
