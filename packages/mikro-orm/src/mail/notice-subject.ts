import { sql, type Sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'
import type { NoticeMail } from './mail-payload.ts'

/** The event `e` of a notice and its user `u`, as long as the address is the one they had then. */
export function subjectOf({ tables }: Pick<Runtime, 'tables'>, mail: NoticeMail): Sql {
  return sql`${tables.user.name} u join ${tables.auditEvent.name} e on e.subject_id = u.id::text
    where e.id = ${mail.eventId} and u.email_canonical = ${mail.address}`
}
