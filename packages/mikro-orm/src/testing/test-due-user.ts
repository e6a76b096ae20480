import { identifier, sql } from '../database/sql.ts'
import { databaseNow } from '../database/transaction.ts'
import type { TestRuntime } from './test-runtime.ts'
import type { TestUser } from './test-user.ts'

/** Has somebody's deletion asked for, past every flow: it is due in so many days. */
export async function makeDue(
  test: Pick<TestRuntime, 'runtime' | 'rows'>,
  { id }: Pick<TestUser, 'id'>,
  dueInDays = 14,
): Promise<void> {
  const now = databaseNow(test.runtime)
  await test.rows(sql`
    update ${test.runtime.tables.user.name} set deletion_requested_at = ${now}, deletion_requested_by = ${id},
      delete_after = ${now} + ${dueInDays} * interval '1 day'
    where id = ${id}`)
}

/**
 * The tables in which a text stands somewhere, in any column of any row, the queue's among them.
 *
 * @returns `public.users`, in alphabetical order.
 */
export async function findText(test: Pick<TestRuntime, 'rows'>, text: string): Promise<string[]> {
  const tables = await test.rows<{ schema: string; name: string }>(sql`
    select schemaname as schema, tablename as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2`)
  const found: string[] = []
  for (const { schema, name } of tables) {
    const rows = await test.rows(sql`
      select from ${identifier(schema, name)} x
      where strpos(lower(to_jsonb(x)::text), ${text.toLowerCase()}) > 0 limit 1`)
    if (rows.length > 0) found.push(`${schema}.${name}`)
  }
  return found
}
