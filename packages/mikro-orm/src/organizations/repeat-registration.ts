import { type MailedToken, normalizePassword } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { databaseNow, inTransaction, statement } from '../database/transaction.ts'
import { repeatSignIn } from '../door/repeat-sign-in.ts'
import { type Busy, orBusy, type SignInSuccess } from '../flow-result.ts'
import type { Runtime } from '../runtime.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import { REPEAT_SECONDS } from '../tokens/repeat-seconds.ts'
import type { UserId } from '../user-id.ts'
import { isNamed, type Joined } from './join-by-invitation.ts'
import { requireOrganizations } from './require-organizations.ts'

interface Registered extends Joined {
  userId: UserId
  hashedPassword: string | null
  sessionId: string
}

/**
 * One press can be two requests: the second is answered as the first was, with the session that it made, where the browser
 * and the password are the same. Nothing is done again.
 *
 * @returns `null` when there is nothing to repeat.
 */
export async function repeatRegistration(
  runtime: Runtime,
  caller: Caller,
  token: MailedToken,
  typed: unknown,
): Promise<(SignInSuccess & Joined) | Busy | null> {
  const password = normalizePassword(typed)
  const registered = password === null ? null : await findRegistered(runtime, caller, token)
  if (password === null || registered === null) return null
  const { hashedPassword, userId, sessionId, organizationId, slug } = registered
  const verdict = await orBusy(runtime.hasher.verify(hashedPassword, password))
  if ('reason' in verdict) return verdict
  if (!verdict.ok) return null
  const outcome = await inTransaction(runtime, (tx) => repeatSignIn(tx, caller, { userId, sessionId }))
  return { ok: true, outcome, userId, organizationId, slug }
}

async function findRegistered(
  runtime: Runtime,
  caller: Caller,
  token: MailedToken,
): Promise<Registered | null> {
  const { invitation, organization } = requireOrganizations(runtime).tables
  const { user, userSession } = runtime.tables
  const [row] = await statement<Registered>(
    runtime,
    sql`
    select o.id::text as "organizationId", o.slug, u.id::text as "userId", u.hashed_password as "hashedPassword",
      s.id::text as "sessionId"
    from ${invitation.name} i join ${organization.name} o on o.id = i.organization_id
    join ${user.name} u on u.id = i.accepted_by_id
    join ${userSession.name} s on s.user_id = u.id and s.browser_id = ${browserHashOf(caller)} and s.presented_at is null
    where ${isNamed(token)} and i.accepted_at > ${databaseNow(runtime)} - ${REPEAT_SECONDS} * interval '1 second'
      and s.created_at >= i.accepted_at
    order by s.id desc limit 1`,
  )
  return row ?? null
}
