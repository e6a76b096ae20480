import { sql, type Sql } from '../database/sql.ts'

/**
 * Whether the user's row, named `u`, is nobody's any more: deleted, or to be deleted since a moment that has come. Such an
 * account is refused everywhere like one that never was, also while its row still waits for the run that deletes it.
 */
export function isGone(now: Sql): Sql {
  return sql`(u.deleted_at is not null or coalesce(u.delete_after <= ${now}, false))`
}
