import { sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
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
export async function checkReadiness(runtime: Runtime): Promise<Readiness> {
  if (!(await isUp(runtime))) return { database: 'down', migrations: 'unknown', mailQueue: 'degraded' }
  const [migrations, mailQueue] = await Promise.all([checkMigrations(runtime), checkMailQueue(runtime)])
  return { database: 'up', migrations, mailQueue }
}

async function isUp(runtime: Runtime): Promise<boolean> {
  try {
    await statement(runtime, sql`select 1`)
    return true
  } catch (error) {
    runtime.logger.error('health.database_down', { error: nameOf(error) })
    return false
  }
}

/** What decides is whether our tables are there: a host may migrate with another tool than MikroORM's. */
async function checkMigrations(runtime: Runtime): Promise<'current' | 'pending' | 'unknown'> {
  const { user, userSession, userToken, userKnownBrowser, auditEvent, limit, worker } = runtime.tables
  const names = [user, userSession, userToken, userKnownBrowser, auditEvent, limit, worker].map(
    ({ quoted }) => quoted,
  )
  try {
    const [row] = await statement<{ present: boolean }>(
      runtime,
      sql`select bool_and(to_regclass(name) is not null) as present from unnest(${names}::text[]) as name`,
    )
    return row?.present ? 'current' : 'pending'
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
        where attempts < max_attempts and locked_at is null
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
