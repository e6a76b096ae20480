import type { CanonicalEmail } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import { databaseNow } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { wasRefused } from './delete-each-due.ts'

/** An account whose grace is over. */
export interface DueUser {
  id: UserId
  address: CanonicalEmail
}

/** Those whose grace is over, for the longest first. What was refused within the hour is for later. */
export function dueUsers(runtime: Runtime, limit: number): Sql {
  const now = databaseNow(runtime)
  const refused = sql`e.subject_id = u.id::text and e.action = 'account.deletion_failed'`
  return sql`
    select u.id::text as id, u.email_canonical as address from ${runtime.tables.user.name} u
    where u.delete_after <= ${now} and u.deleted_at is null and not ${wasRefused(runtime, now, refused)}
    order by u.delete_after limit ${limit}`
}
