import { sql, type Sql } from '../database/sql.ts'
import { databaseNow } from '../database/transaction.ts'
import { isOrWasAddress, isUndoable } from '../email-change/undoable-change.ts'
import type { Runtime } from '../runtime.ts'
import type { NoticeMail } from './mail-payload.ts'

/**
 * The event `e` of a notice and its user `u`, as long as the address is the one they had then, or would have again if the
 * change of it was undone.
 */
export function subjectOf(runtime: Runtime, mail: NoticeMail): Sql {
  const { tables } = runtime
  return sql`${tables.user.name} u join ${tables.auditEvent.name} e on e.subject_id = u.id::text
    where e.id = ${mail.eventId} and ${isOrWasAddress(tables, sql`${mail.address}::varchar`, databaseNow(runtime))}`
}

/** The address of a notice as `u` typed it. */
export function typedAddress(runtime: Runtime, { address }: NoticeMail): Sql {
  return sql`case when u.email_canonical = ${address} then u.email else (
    select max(c.old_email) from ${runtime.tables.userEmailChange.name} c
    where c.user_id = u.id and c.old_email_canonical = ${address} and ${isUndoable(databaseNow(runtime))}) end`
}
