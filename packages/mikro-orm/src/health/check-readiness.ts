import { join, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { MAIL_TASK } from '../mail/mail-payload.ts'
import type { Runtime } from '../runtime.ts'

export interface Readiness {
  database: 'up' | 'down'
  /** `unknown` while the database is down. */
  migrations: 'current' | 'pending' | 'unknown'
  /** `degraded`: the oldest mail that could be sent waits longer than ten minutes, or there is no queue. */
  mailQueue: 'ok' | 'degraded'
}

const OLD_MAIL_MINUTES = 10

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
    const [row] = await statement<{ old: boolean }>(
      runtime,
      sql`select exists (
        select from graphile_worker.jobs
        where task_identifier = ${MAIL_TASK} and attempts < max_attempts and locked_at is null
          and run_at < ${databaseNow(runtime)} - ${OLD_MAIL_MINUTES} * interval '1 minute'
      ) as old`,
    )
    return row?.old ? 'degraded' : 'ok'
  } catch {
    return 'degraded'
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}
