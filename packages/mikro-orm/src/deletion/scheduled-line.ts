import { sql, type Sql } from '../database/sql.ts'
import type { Tables } from '../tables.ts'

/**
 * The line `d` of the audit log that was written when the deletion of the user's row `u` was asked for, as `from … where …`;
 * no row where none lies ahead, or it was asked for past every flow.
 */
export function scheduledLine({ auditEvent }: Pick<Tables, 'auditEvent'>): Sql {
  return sql`from ${auditEvent.name} d
    where d.subject_id = u.id::text and d.action = 'account.deletion_scheduled' and d.outcome = 'success'
      and d.occurred_at >= u.deletion_requested_at`
}
