import { sql, type Sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { isAlive } from '../sessions/living-session.ts'
import { deleteInBatches, repeatWhileFull } from './delete-in-batches.ts'

const OWN_TASKS = 'sigra.' // what every task of ours begins with
const FAILED_JOB_DAYS = 7 // long enough to look into why, short enough that addresses do not pile up
const ENROLMENT_DAYS = 1 // nobody finishes it: the session it is bound to has been at another step for long
const LOST_WORKER_DAYS = 1
const JOB_BATCH_ROWS = 500

/**
 * Removes what no statement would accept any more: it changes what is stored, never what is decided, so it may run
 * at any time, twice, or not at all.
 *
 * @returns How many rows went, by kind.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const sweepExpired = defineFlow(
  {
    name: 'sweepExpired',
    principal: 'worker',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'sweep.run',
  },
  async (runtime: Runtime): Promise<Record<string, number>> => {
    const { userToken, userSession, userTotp, userAddressHold, limit, worker } = runtime.tables
    const now = databaseNow(runtime)
    const limitHours = runtime.policy.limits.sweepAfterHours
    return {
      tokens: await deleteInBatches(runtime, userToken.name, sql`x.expires_at <= ${now}`),
      sessions: await deleteInBatches(runtime, userSession.name, sql`not ${isAlive(runtime, now, 'x')}`),
      enrolments: await deleteInBatches(
        runtime,
        userTotp.name,
        sql`x.activated_at is null and x.created_at < ${now} - ${ENROLMENT_DAYS} * interval '1 day'`,
      ),
      holds: await deleteInBatches(runtime, userAddressHold.name, sql`x.held_until <= ${now}`),
      ...(await sweepAreas(runtime, now)),
      limits: await deleteInBatches(
        runtime,
        limit.name,
        sql`x.updated_at < ${now} - ${limitHours} * interval '1 hour'`,
      ),
      workers: await deleteInBatches(
        runtime,
        worker.name,
        sql`x.seen_at < ${now} - ${LOST_WORKER_DAYS} * interval '1 day'`,
      ),
      jobs: await removeFailedJobs(runtime, now),
    }
  },
)

async function sweepAreas(runtime: Runtime, now: Sql): Promise<Record<string, number>> {
  const removed: Record<string, number> = {}
  for (const { name, table, isOver } of runtime.areas.flatMap(({ sweeps }) => sweeps)) {
    removed[name] = await deleteInBatches(runtime, table.name, isOver(now))
  }
  return removed
}

/**
 * Jobs of ours that failed for good keep an address and a request's origin: they go through the queue's own function.
 * The host's own jobs are in the same queue, and are the host's to keep.
 */
async function removeFailedJobs(runtime: Runtime, now: Sql): Promise<number> {
  const batch = sql`
    select from graphile_worker.complete_jobs(array(
      select j.id from graphile_worker.jobs j
      where starts_with(j.task_identifier, ${OWN_TASKS})
        and j.attempts >= j.max_attempts and j.locked_at is null
        and j.updated_at < ${now} - ${FAILED_JOB_DAYS} * interval '1 day'
      limit ${JOB_BATCH_ROWS}))`
  return repeatWhileFull(JOB_BATCH_ROWS, async () => (await statement(runtime, batch)).length)
}
