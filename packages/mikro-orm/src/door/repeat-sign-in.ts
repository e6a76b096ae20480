import { createSessionToken, hashSessionToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { SignInSuccess } from '../flow-result.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import { isAlive, mayHaveSession } from '../sessions/living-session.ts'
import { type Awaiting, outcomeOf } from '../sessions/sign-in-steps.ts'
import type { UserId } from '../user-id.ts'

interface SignedIn {
  awaiting: Awaiting | null
  /** `null`: its token is in the browser, or may no longer be handed out. */
  renewed: { remembered: boolean; leftSeconds: number } | null
}

/**
 * Answers a sign-in again whose first answer the browser may never have seen. The session that it made gets another
 * token, in one conditional statement: while it lives, its user is enabled, this is the browser it was made in, and its
 * token never came back from it. Otherwise no cookie is set, and the page that is shown next decides by the one the
 * browser has. No session is made here, and none is raised or prolonged.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function repeatSignIn(
  tx: Transaction,
  caller: Caller,
  { userId, sessionId }: { userId: UserId; sessionId: string },
): Promise<SignInSuccess['outcome']> {
  const token = createSessionToken()
  const browserHash = browserHashOf(caller)
  const { user, userSession } = tx.tables
  const [row] = await tx.rows<SignedIn>(sql`
    with renewed as (
      update ${userSession.name} s set token_hash = ${hashSessionToken(token)}
      from ${user.name} u
      where s.id::text = ${sessionId} and s.user_id = ${userId} and s.browser_id = ${browserHash}
        and s.presented_at is null and ${isAlive(tx.runtime, tx.now)} and u.id = s.user_id and ${mayHaveSession(tx.now)}
      returning s.id, s.remembered, extract(epoch from s.expires_at - ${tx.now})::float8 as left_seconds
    )
    select s.awaiting, case when r.id is not null
      then json_build_object('remembered', r.remembered, 'leftSeconds', r.left_seconds) end as renewed
    from ${userSession.name} s left join renewed r on r.id = s.id
    where s.id::text = ${sessionId} and s.user_id = ${userId}`)
  if (!row) return 'signed-in'
  const { awaiting, renewed } = row
  if (renewed !== null) {
    const isPersistent = renewed.remembered && awaiting === null
    const maxAgeSeconds = isPersistent ? Math.floor(renewed.leftSeconds) : null
    tx.afterCommit(() =>
      caller.effects.setSession(token, { remembered: renewed.remembered, maxAgeSeconds, signedIn: userId }),
    )
  }
  return outcomeOf(tx.runtime, awaiting)
}
