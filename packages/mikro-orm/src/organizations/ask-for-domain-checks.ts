import { AREA_TASK } from '../areas/area-task.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'

/** Puts the next run into the queue, where none waits yet: nobody likes to wait for the next one that is due. */
export async function askForDomainChecks(tx: Transaction): Promise<void> {
  await tx.rows(
    sql`select from graphile_worker.add_job(identifier := ${AREA_TASK}, payload := '{}'::json, job_key := ${AREA_TASK})`,
  )
}
