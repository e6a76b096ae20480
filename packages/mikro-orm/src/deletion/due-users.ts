import type { CanonicalEmail } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import { databaseNow } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'

/** An account whose grace is over. */
export interface DueUser {
  id: UserId
  address: CanonicalEmail
}

const RETRY_HOURS = 1

/** Those whose grace is over, for the longest first. What was refused within the hour is for later. */
export function dueUsers(runtime: Runtime, limit: number): Sql {
  const { user, auditEvent } = runtime.tables
  const now = databaseNow(runtime)
  return sql`
    select u.id::text as id, u.email_canonical as address from ${user.name} u
    where u.delete_after <= ${now} and u.deleted_at is null and not exists (
      select from ${auditEvent.name} e
      where e.subject_id = u.id::text and e.action = 'account.deletion_failed'
        and e.occurred_at > ${now} - ${RETRY_HOURS} * interval '1 hour')
    order by u.delete_after limit ${limit}`
}
