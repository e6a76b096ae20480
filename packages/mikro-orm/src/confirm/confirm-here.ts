import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { completeSignIn } from '../door/complete-sign-in.ts'
import { type Proof, proveRegistration } from '../door/proof.ts'
import { repeatSignIn } from '../door/repeat-sign-in.ts'
import type { Confirmed, ConfirmedDisabled } from '../flow-result.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import { isOfBrowser } from '../sessions/browser-session.ts'
import { isAlive, mayHaveSession } from '../sessions/living-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import type { ConsumedToken } from '../tokens/consume-token.ts'
import { nameSession } from '../tokens/name-session.ts'
import type { RepeatedUse } from '../tokens/repeat-token-use.ts'
import type { UserId } from '../user-id.ts'
import { completeConfirmation } from './complete-confirmation.ts'

/**
 * Confirms an address in the browser that registered it, and opens the door there: that browser chose the password, and
 * its owner has just proved the mailbox. Whoever is signed in here stays so: somebody else is not pushed out by a mail
 * they did not ask for, and the owner's own session is not weakened by it.
 *
 * @param owner Of a token used up in this transaction, under the condition that this browser registered the account.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function confirmHere(
  tx: Transaction,
  caller: Caller,
  owner: ConsumedToken,
  method: 'link' | 'code',
): Promise<Confirmed | ConfirmedDisabled> {
  await completeConfirmation(tx, caller, owner, method)
  const { userId, redirectTo } = owner
  const held = await findSessionHere(tx, caller)
  const here = held ?? whoCame(caller)
  if (here && here.userId !== userId) return { ok: true, outcome: null, redirectTo }
  if (held) {
    await nameSession(tx, owner, held.id)
    return { ok: true, outcome: 'signed-in', redirectTo }
  }
  const proof = await findProof(tx, caller, userId)
  const result =
    proof &&
    (await completeSignIn(tx, { ...caller, landing: redirectTo }, proof, {
      method: 'confirm',
      remembered: false,
    }))
  if (result && result.outcome !== 'refused') {
    await nameSession(tx, owner, result.sessionId)
    return { ok: true, outcome: result.outcome, redirectTo }
  }
  return result?.reason === 'disabled'
    ? { ok: false, reason: 'disabled' }
    : { ok: true, outcome: null, redirectTo }
}

/**
 * One press can be two requests: the second is answered as the first was, by the session that it led to. Where it led to
 * none, nobody is signed in by the repeat either.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function repeatConfirmation(
  tx: Transaction,
  caller: Caller,
  { userId, sessionId, redirectTo }: RepeatedUse,
): Promise<Confirmed> {
  const outcome = sessionId === null ? null : await repeatSignIn(tx, caller, { userId, sessionId })
  return { ok: true, outcome, redirectTo }
}

/** Who was signed in when the request came. Their session may have gone on in another tab while this one was held. */
function whoCame({ session }: Caller): Pick<ResolvedSession, 'userId'> | null {
  return session?.awaiting === null ? session : null
}

/** Who is signed in here, whole: a sign-in that waits for a step is nobody's yet. */
async function findSessionHere(
  tx: Transaction,
  caller: Caller,
): Promise<{ id: string; userId: UserId } | null> {
  const { user, userSession } = tx.tables
  const [row] = await tx.rows<{ id: string; userId: UserId }>(sql`
    select s.id::text as id, s.user_id::text as "userId"
    from ${userSession.name} s join ${user.name} u on u.id = s.user_id
    where ${isOfBrowser(caller, 's')} and s.awaiting is null and ${isAlive(tx.runtime, tx.now)}
      and ${mayHaveSession(tx.now)}`)
  return row ?? null
}

/**
 * The user was locked when the token was used up. Counted from the first registration: who registers the address again
 * in this browser changes the password, and prolongs nothing.
 */
async function findProof(tx: Transaction, caller: Caller, userId: UserId): Promise<Proof | null> {
  const browserHash = browserHashOf(caller)
  if (browserHash === null) return null
  const { minutes } = tx.runtime.policy.sudo
  const [row] = await tx.rows<{ hashedPassword: string | null; isPasswordFresh: boolean }>(sql`
    select u.hashed_password as "hashedPassword",
      u.password_changed_at is null and u.created_at > ${tx.now} - ${minutes} * interval '1 minute'
        as "isPasswordFresh"
    from ${tx.tables.user.name} u where u.id = ${userId} and u.registration_browser_hash = ${browserHash}`)
  return row ? proveRegistration(userId, { ...row, browserHash }) : null
}
