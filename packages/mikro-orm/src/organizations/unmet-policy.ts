import { type Sql, sql } from '../database/sql.ts'

/** What the policy of an organization asks of whoever works in it, and their session lacks. */
export type Unmet = 'second-factor' | 'method' | 'reauthenticate'

/**
 * What a session, a row named `s`, lacks of the policy of an organization, named `o`, in this order: asked at each request and in
 * each change, so that a policy holds from the moment it is there. It holds back the organization, not the person: the session
 * is a full one. Nobody's personal organization has a policy. The one place that says so.
 */
export function unmetBy(now: Sql): Sql {
  const isOld = sql`s.authenticated_at <= ${now} - o.max_session_minutes * interval '1 minute'`
  return sql`case when o.personal_owner_id is not null then '{}'::text[] else array_remove(array[
    case when o.second_factor_from <= ${now} and s.aal < 2 then 'second-factor' end,
    case when not (s.amr && o.allowed_methods) then 'method' end,
    case when ${isOld} then 'reauthenticate' end], null) end`
}

/** Reads what that says. */
export function readUnmet(value: unknown): readonly Unmet[] {
  return Array.isArray(value) ? value.filter(isUnmet) : []
}

function isUnmet(value: unknown): value is Unmet {
  return value === 'second-factor' || value === 'method' || value === 'reauthenticate'
}
