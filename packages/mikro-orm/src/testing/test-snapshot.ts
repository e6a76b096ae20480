import { identifier, sql } from '../database/sql.ts'
import type { TestRuntime } from './test-runtime.ts'

/** Everything the accounts' tables and the queue hold, all but limits: two are equal when nothing has changed. */
export async function snapshot(test: TestRuntime): Promise<string> {
  const { user, userToken, userSession, userKnownBrowser, auditEvent } = test.runtime.tables
  const tables = [user, userToken, userSession, userKnownBrowser, auditEvent].map((table) => table.name)
  const contents = []
  for (const table of [...tables, sql`graphile_worker._private_jobs`]) {
    contents.push(await test.rows(sql`select to_jsonb(x) as row from ${table} x order by id`))
  }
  return JSON.stringify(contents)
}

/** The same of every table of an area. */
export async function snapshotOfAreas({ runtime, rows }: TestRuntime): Promise<string> {
  const tables = new Set(runtime.areas.flatMap(({ columns }) => columns.map(({ table }) => table)))
  const contents = []
  for (const table of tables)
    contents.push(
      await rows(
        sql`select to_jsonb(x) as row from ${identifier(...table.slice(1, -1).split('"."'))} x order by to_jsonb(x)::text`,
      ),
    )
  return JSON.stringify(contents)
}

/** The audit rows of an account, oldest first. */
export async function readAudit(
  test: TestRuntime,
  email: string,
): Promise<{ action: string; outcome: string; metadata: Record<string, unknown> }[]> {
  return test.rows(sql`
    select e.action, e.outcome, e.metadata from ${test.runtime.tables.auditEvent.name} e
    join ${test.runtime.tables.user.name} u on u.id::text = e.subject_id
    where u.email = ${email} order by e.occurred_at, e.id`)
}
