import { sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { repeatWhileFull } from './delete-in-batches.ts'

const BATCH_ROWS = 1000

/**
 * Removes audit rows older than the policy keeps them, through the one function that may; the database keeps the
 * younger ones whatever the policy says.
 *
 * @returns How many rows went.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const applyAuditRetention = defineFlow(
  {
    name: 'applyAuditRetention',
    principal: 'worker',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (runtime: Runtime): Promise<number> => {
    const days = runtime.policy.audit.retentionDays
    const batch = sql`
      select ${runtime.tables.auditRetention}(${days} * interval '1 day', ${BATCH_ROWS}) as removed`
    return repeatWhileFull(BATCH_ROWS, async () => {
      const [row] = await statement<{ removed: number }>(runtime, batch)
      return row?.removed ?? 0
    })
  },
)
