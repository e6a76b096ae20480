import { Impossible, sanitizeText, type SessionTokenHash } from '@sigra/core'
import type { FlowContext, UserId } from '../context.ts'
import { sql, type Sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import type { Policy } from '../policy.ts'
import type { Awaiting } from '../sessions/resolve-session.ts'

export interface NewSession {
  userId: UserId
  tokenHash: SessionTokenHash
  browserHash: Uint8Array | null
  amr: readonly string[]
  aal: 1 | 2
  awaiting: Awaiting | null
  remembered: boolean
}

/**
 * Writes a session and ends this browser's former one, in one statement. A full session makes the browser a known
 * one. Only the door imports this.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 * @throws {Impossible} `SIGRA_IMPOSSIBLE` when the row was not written.
 */
export async function insertSession(
  tx: Transaction,
  ctx: FlowContext,
  session: NewSession,
): Promise<{ sessionId: string; maxAgeSeconds: number | null }> {
  const { userSession } = tx.tables
  const lifeSeconds = lifeOf(tx.runtime.policy, session)
  const [row] = await tx.rows<{ id: string }>(sql`
    with t as materialized (select ${tx.now} as now),
    former as (delete from ${userSession.name} where id = ${ctx.session?.id ?? null}),
    known as (${rememberBrowser(tx, session)})
    insert into ${userSession.name} (id, user_id, token_hash, awaiting, aal, amr, authenticated_at, remembered,
      last_seen_at, expires_at, ip, user_agent, browser_id, created_at)
    select ${newId(tx, userSession)}, ${session.userId}, ${session.tokenHash}, ${session.awaiting}, ${session.aal},
      ${session.amr}, t.now, ${session.remembered}, t.now, t.now + ${lifeSeconds} * interval '1 second',
      ${ctx.clientAddress === null ? null : sanitizeText(ctx.clientAddress, 64)},
      ${ctx.userAgent === null ? null : sanitizeText(ctx.userAgent, tx.runtime.policy.audit.maxUserAgentLength)},
      ${session.browserHash}, t.now
    from t
    returning id::text as id`)
  if (!row) throw new Impossible('a session was not written')
  const persistent = session.remembered && session.awaiting === null
  return { sessionId: row.id, maxAgeSeconds: persistent ? lifeSeconds : null }
}

function rememberBrowser(tx: Transaction, session: NewSession): Sql {
  if (session.awaiting !== null || session.browserHash === null) return sql`select`
  const { userKnownBrowser } = tx.tables
  return sql`
    insert into ${userKnownBrowser.name} (id, user_id, browser_hash, last_seen_at, created_at)
    select ${newId(tx, userKnownBrowser)}, ${session.userId}, ${session.browserHash}, t.now, t.now from t
    on conflict (user_id, browser_hash) do update
      set last_seen_at = excluded.last_seen_at, failed_password_count = 0`
}

function lifeOf(policy: Policy, { awaiting, remembered }: NewSession): number {
  const { secondFactorMinutes, enrolmentMinutes, passwordChangeMinutes } = policy.pendingSession
  if (awaiting === 'second-factor') return secondFactorMinutes * 60
  if (awaiting === 'enrolment') return enrolmentMinutes * 60
  if (awaiting === 'password-change') return passwordChangeMinutes * 60
  return (remembered ? policy.session.rememberedAbsoluteDays : policy.session.absoluteDays) * 86_400
}
