import { areaNames } from '../areas/area-names.ts'
import { join, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { MAIL_TASK } from '../mail/mail-payload.ts'
import type { Runtime } from '../runtime.ts'

export interface Readiness {
  database: 'up' | 'down'
  /** `unknown` while the database is down. */
  migrations: 'current' | 'pending' | 'unknown'
  /**
   * `degraded`: the oldest mail that could be sent waits longer than ten minutes, there is no queue, or an area of this
   * process is in no living worker: what it puts into the queue waits for one.
   */
  mailQueue: 'ok' | 'degraded'
}

const OLD_MAIL_MINUTES = 10
const UNSEEN_SECONDS = 60 // a worker says that it lives every ten

/** Whether this process can serve people. Never throws and names no version: it answers to anyone. */
export const checkReadiness = defineFlow(
  {
    name: 'checkReadiness',
    principal: 'operator',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime): Promise<Readiness> => {
    if (!(await isUp(runtime))) return { database: 'down', migrations: 'unknown', mailQueue: 'degraded' }
    const [migrations, mailQueue] = await Promise.all([checkMigrations(runtime), checkMailQueue(runtime)])
    return { database: 'up', migrations, mailQueue }
  },
)

async function isUp(runtime: Runtime): Promise<boolean> {
  try {
    await statement(runtime, sql`select 1`)
    return true
  } catch (error) {
    runtime.logger.error('health.database_down', { error: nameOf(error) })
    return false
  }
}

/** What decides is whether our tables have our columns: a host may migrate with another tool than MikroORM's. */
async function checkMigrations(runtime: Runtime): Promise<'current' | 'pending' | 'unknown'> {
  const all = [...runtime.tables.columns, ...runtime.areas.flatMap((area) => area.columns)]
  const columns = all.map(({ table, column }) => sql`(${table}::text, ${column}::text)`)
  try {
    const [row] = await statement<{ missing: boolean }>(
      runtime,
      sql`select exists (
        select from (values ${join(columns, sql`, `)}) as wanted (name, attname)
        where not exists (
          select from pg_attribute a
          where a.attrelid = to_regclass(wanted.name) and a.attname = wanted.attname and not a.attisdropped
        )
      ) as missing`,
    )
    return row?.missing ? 'pending' : 'current'
  } catch {
    return 'unknown'
  }
}

async function checkMailQueue(runtime: Runtime): Promise<'ok' | 'degraded'> {
  try {
    const [row] = await statement<{ isOld: boolean; isLeftAlone: boolean }>(
      runtime,
      sql`select exists (
        select from graphile_worker.jobs
        where task_identifier = ${MAIL_TASK} and attempts < max_attempts and locked_at is null
          and run_at < ${databaseNow(runtime)} - ${OLD_MAIL_MINUTES} * interval '1 minute'
      ) as "isOld", exists (
        select from unnest(${areaNames(runtime.areas)}::text[]) as area
        where not exists (
          select from ${runtime.tables.worker.name} w
          where area = any (w.areas) and w.seen_at > clock_timestamp() - ${UNSEEN_SECONDS} * interval '1 second'
        )
      ) as "isLeftAlone"`,
    )
    return row?.isOld || row?.isLeftAlone ? 'degraded' : 'ok'
  } catch {
    return 'degraded'
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}
