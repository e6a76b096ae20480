import { type Sql, sql } from '../database/sql.ts'

/** Nobody has answered the invitation `i`, or taken it back: `openInvitation` of the schema. It may have expired. */
export const isUnanswered: Sql = sql`(i.accepted_at is null and i.revoked_at is null and i.declined_at is null)`

/** Whether an invitation `i` to an organization `o` can be accepted. */
export function isOpenInvitation(now: Sql): Sql {
  return sql`(${isUnanswered} and i.expires_at > ${now} and o.delete_after is null)`
}
