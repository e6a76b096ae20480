import type { MailedToken } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import type { OrganizationTables } from './organization-tables.ts'

/** Whether the organization `o` was handed over, and that can be undone. The one place that says so. */
export function isTransferOpen(now: Sql): Sql {
  return sql`(o.transfer_undo_until is not null and o.transfer_undo_until > ${now})`
}

/** Whether it is the organization `o` that a link is about. */
export function isTransferOf({ hash }: MailedToken, now: Sql): Sql {
  return sql`(o.transfer_hash = ${hash} and ${isTransferOpen(now)} and o.delete_after is null)`
}

/** Until when a user `u` may get back what they handed over, of all of it. Whoever did stays a member until then. */
export function lastTransferEnds({ membership, organization }: OrganizationTables, now: Sql): Sql {
  return sql`(select max(o.transfer_undo_until) from ${membership.name} m join ${organization.name} o on o.id = m.organization_id
    where m.user_id = u.id and o.transferred_by = u.id::text and ${isTransferOpen(now)})`
}
