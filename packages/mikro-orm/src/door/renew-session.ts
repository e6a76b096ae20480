import { createSessionToken, hashSessionToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { type ContinuedSession, SessionOvertaken } from '../sessions/continue-session.ts'
import { isPresented } from '../sessions/living-session.ts'
import type { SudoMethod } from '../sessions/session.ts'

export interface RenewOptions {
  /** How the person just proved again who they are, within the session's own class. @default not at all */
  sudo?: SudoMethod
}

/**
 * Gives this browser's session another token, after a change of password or a sudo: the former one is dead at once. It
 * can raise no assurance level, change no user and prolong no life; raising is a sign-in. The cookie is set when the
 * transaction has committed. Of any number of parallel calls with one token at most one renews it.
 *
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when it goes by another token already.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function renewSession(
  tx: Transaction,
  caller: Caller,
  own: ContinuedSession,
  options: RenewOptions = {},
): Promise<void> {
  const token = createSessionToken()
  const { sudo = null } = options
  const [row] = await tx.rows<{ remembered: boolean; leftSeconds: number }>(sql`
    update ${tx.tables.userSession.name} s set token_hash = ${hashSessionToken(token)},
      sudo_at = case when ${sudo}::text is null then s.sudo_at else ${tx.now} end,
      sudo_method = coalesce(${sudo}::text, s.sudo_method)
    where ${isPresented(own)} and s.awaiting is null
    returning s.remembered, extract(epoch from s.expires_at - ${tx.now})::float8 as "leftSeconds"`)
  if (!row) throw new SessionOvertaken()
  const { remembered, leftSeconds } = row
  const maxAgeSeconds = remembered ? Math.floor(leftSeconds) : null
  tx.afterCommit(() => caller.effects.setSession(token, { remembered, maxAgeSeconds, signedIn: null }))
}
