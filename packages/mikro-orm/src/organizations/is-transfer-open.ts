import type { MailedToken } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'

/** Whether the organization `o` was handed over, and that can be undone. The one place that says so. */
export function isTransferOpen(now: Sql): Sql {
  return sql`(o.transfer_undo_until is not null and o.transfer_undo_until > ${now})`
}

/** Whether it is the organization `o` that a link is about. */
export function isTransferOf({ hash }: MailedToken, now: Sql): Sql {
  return sql`(o.transfer_hash = ${hash} and ${isTransferOpen(now)} and o.delete_after is null)`
}
