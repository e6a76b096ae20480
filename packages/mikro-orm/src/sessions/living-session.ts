import { identifier, join, type Sql, sql } from '../database/sql.ts'
import { isGone } from '../deletion/gone.ts'
import type { Policy } from '../policy.ts'
import type { ResolvedSession } from './session.ts'

/** What it takes to be let go on as a session: whose it is, which step it is at, and by which token it was presented. */
export type PresentedSession = Pick<ResolvedSession, 'id' | 'userId' | 'awaiting' | 'tokenHash'>

/** An app, for what says whether one of its sessions is alive. */
interface Judge {
  readonly policy: Pick<Policy, 'session'>
  readonly areas: readonly {
    /** Whether a row that somebody acts by, named `row`, is alive, beside what every row must be. */
    isImpersonationAlive?(row: Sql, now: Sql): Sql
  }[]
}

/**
 * Whether a row of sessions is alive: neither expired nor idle for too long, and nobody's who acts as its user. The one
 * place that says so. Whether its user may have it is `mayHaveSession`.
 *
 * What an impersonated row takes beside, an area knows (`isImpersonationAlive`); where none does, it is no session: a column
 * that weakens one must not outlive what checks it.
 *
 * @param now One reading of the database's clock.
 */
export function isAlive({ policy, areas }: Judge, now: Sql, alias = 's'): Sql {
  const { idleHours, rememberedIdleDays } = policy.session
  const row = identifier(alias)
  const idleSeconds = sql`case when ${row}.remembered then ${rememberedIdleDays * 86_400}::int else ${idleHours * 3600}::int end`
  const known = areas.flatMap(({ isImpersonationAlive }) => isImpersonationAlive?.(row, now) ?? [])
  return sql`(${row}.expires_at > ${now} and ${row}.last_seen_at > ${now} - ${idleSeconds} * interval '1 second'
    and ${join([sql`(${row}.impersonator_session_id is null`, ...known], sql` or `)}))`
}

/** Whether a row of sessions may change anything: one of somebody who acts as its user may, for a while. */
export function mayWrite(now: Sql): Sql {
  return sql`coalesce(s.write_until > ${now}, s.impersonator_session_id is null)`
}

/** Whether the user's row, named `u`, may come in at all: neither disabled nor gone. The one place that says so. */
export function isEnabled(now: Sql): Sql {
  return sql`(u.disabled_at is null and not ${isGone(now)})`
}

/**
 * Whether the user's row, named `u`, may have a session that waits for `awaiting`: whose deletion lies ahead has none but a
 * sign-in that waits, in which it can be taken back. The one place that says so.
 */
export function mayHaveSession(now: Sql, awaiting: Sql = sql`s.awaiting`): Sql {
  return sql`(${isEnabled(now)} and (u.delete_after is null or ${awaiting} is not null))`
}

/**
 * Whether a row of sessions, named `s`, is the one that was presented, and still goes by the very token it was presented
 * with: a copy of a cookie is worth nothing once the session has gone on under another one. The one place that says so.
 */
export function isPresented({ id, userId, awaiting, tokenHash }: PresentedSession): Sql {
  return sql`(s.id = ${id} and s.user_id = ${userId} and s.token_hash = ${tokenHash}
    and s.awaiting is not distinct from ${awaiting})`
}
