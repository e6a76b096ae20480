import { type Sql, sql } from '../database/sql.ts'
import type { OrganizationsPolicy } from './policy.ts'

const EXPIRED_DAYS = 30 // long enough to see that nobody came, and to send it again

/** Nobody has answered an invitation, or taken it back: `openInvitation` of the schema, in its words. It may have expired. */
export const isUnanswered: Sql = sql`(accepted_at is null and revoked_at is null and declined_at is null)`

/** Whether an invitation `i` to an organization `o` can be accepted. */
export function isOpenInvitation(now: Sql): Sql {
  return sql`(${isUnanswered} and i.expires_at > ${now} and o.delete_after is null)`
}

/**
 * Nothing comes of an invitation `x` any more, whatever was answered. One that was declined stays for as long as it says not to ask
 * again.
 */
export function isInvitationOver({ declinedDays }: OrganizationsPolicy, now: Sql): Sql {
  return sql`(x.expires_at <= ${now} - ${EXPIRED_DAYS} * interval '1 day'
    and (x.declined_at is null or x.declined_at <= ${now} - ${declinedDays} * interval '1 day'))`
}
