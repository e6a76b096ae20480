import { type AuditSource, recordAuditEvent } from '../audit/record-audit-event.ts'
import { sql, type Sql } from '../database/sql.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import type { ContinuedSession } from './continue-session.ts'
import { lockUser } from './lock-user.ts'

/**
 * Ends all of a user's sessions, pending ones too, and forgets which browsers were trusted, inside a change that
 * calls for it. Lock or update the user's row first: a sign-in under way then comes before or after as a whole.
 *
 * @returns How many sessions ended.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function deleteSessions(tx: Transaction, userId: UserId): Promise<number> {
  return endSessions(tx, userId, sql`true`)
}

/**
 * The same, but for one session: that of the browser in which a credential was changed.
 *
 * @returns How many sessions ended.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function endOtherSessions(tx: Transaction, { id, userId }: ContinuedSession): Promise<number> {
  return endSessions(tx, userId, sql`id <> ${id}`)
}

async function endSessions(tx: Transaction, userId: UserId, which: Sql): Promise<number> {
  const [row] = await tx.rows<{ ended: number }>(sql`
    with untrusted as (
      update ${tx.tables.userKnownBrowser.name} set trusted_until = null, trust_hash = null, trust_family_hash = null,
        former_trust_hash = null
      where user_id = ${userId} and trusted_until is not null
    ), ended as (delete from ${tx.tables.userSession.name} where user_id = ${userId} and ${which} returning 1)
    select count(*)::int as ended from ended`)
  return row?.ended ?? 0
}

/**
 * Signs a user out everywhere, for example after an operator disabled the account.
 *
 * @returns How many sessions ended.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const deleteAllUserSessionTokens = defineFlow(
  {
    name: 'deleteAllUserSessionTokens',
    principal: 'operator',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'session.revoke',
  },
  async (
    runtime: Runtime,
    userId: UserId,
    source: AuditSource = { clientAddress: null, userAgent: null, requestId: 'server' },
  ): Promise<number> =>
    inTransaction(runtime, async (tx) => {
      await lockUser(tx, userId)
      const sessions = await deleteSessions(tx, userId)
      await recordAuditEvent(tx, source, {
        action: 'session.revoked_all',
        outcome: 'success',
        subjectId: userId,
        metadata: { sessions },
      })
      return sessions
    }),
)
