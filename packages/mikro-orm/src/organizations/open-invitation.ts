import { type Sql, sql } from '../database/sql.ts'

/** Nobody has answered an invitation, or taken it back: `openInvitation` of the schema, in its words. It may have expired. */
export const isUnanswered: Sql = sql`(accepted_at is null and revoked_at is null and declined_at is null)`

/** Whether an invitation `i` to an organization `o` can be accepted. */
export function isOpenInvitation(now: Sql): Sql {
  return sql`(${isUnanswered} and i.expires_at > ${now} and o.delete_after is null)`
}
