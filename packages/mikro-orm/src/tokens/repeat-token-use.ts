import type { MailedToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql, type Sql } from '../database/sql.ts'
import { databaseNow, statement, type Transaction } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import type { UserId } from '../user-id.ts'
import type { TokenForm } from './consume-token.ts'
import { REPEAT_SECONDS } from './repeat-seconds.ts'

/** How often. */
const MAX_REPEATS = 3

/** A success that was answered before. */
export interface RepeatedUse {
  userId: UserId
  /** The session it made, by its id; `null` where it made none. */
  sessionId: string | null
  redirectTo: string | null
  /** What is stored now. Where the form took a password, the one posted again has to be this. */
  hashedPassword: string | null
  /** It was the first proof of the address, and no password was left after it. */
  isPasswordRemoved: boolean
}

/**
 * One press can be two requests: the browser sends the form once more while the first answer is under way, and shows
 * only the second. Takes one of the three repeats of a success, for the browser and the form that had it. Nothing that
 * the success did is done again.
 *
 * @returns `null` when there is nothing to repeat: the token is as good as used.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function repeatTokenUse(
  runtime: Runtime,
  caller: Caller,
  token: MailedToken,
  form: TokenForm,
): Promise<RepeatedUse | null> {
  const [row] = await statement<RepeatedUse>(runtime, repeatQuery(runtime, caller, token, form))
  return row ?? null
}

/** The same, inside a transaction that has locked the token's owner. */
export async function repeatTokenUseIn(
  tx: Transaction,
  caller: Caller,
  token: MailedToken,
  form: TokenForm,
): Promise<RepeatedUse | null> {
  const [row] = await tx.rows<RepeatedUse>(repeatQuery(tx.runtime, caller, token, form))
  return row ?? null
}

/** Gives a repeat back whose password was never looked at: the hash queue was full. */
export async function returnRepeat(runtime: Runtime, token: MailedToken): Promise<void> {
  await statement(
    runtime,
    sql`
    update ${runtime.tables.userToken.name} t set repeat_count = t.repeat_count - 1
    where t.selector = ${token.selector} and t.repeat_count > 0`,
  )
}

/** Whether the row `t` was used by this form, in this browser, a moment ago, and may be answered once more. */
export function isRepeatable(caller: Caller, form: TokenForm, now: Sql): Sql {
  return sql`t.used_form = ${form}
    and t.used_browser_hash = ${browserHashOf(caller)}
    and t.used_at > ${now} - ${REPEAT_SECONDS} * interval '1 second' and t.repeat_count < ${MAX_REPEATS}`
}

function repeatQuery(runtime: Runtime, caller: Caller, token: MailedToken, form: TokenForm): Sql {
  const { user, userToken } = runtime.tables
  return sql`
    update ${userToken.name} t set repeat_count = t.repeat_count + 1 from ${user.name} u
    where t.selector = ${token.selector} and t.token_hash = ${token.hash} and t.purpose = ${token.purpose}
      and ${isRepeatable(caller, form, databaseNow(runtime))}
      and u.id = t.user_id and u.email_canonical = t.sent_to
    returning ${repeatedColumns}`
}

/** Of a row `t` and its owner `u`, as `RepeatedUse`. */
export const repeatedColumns = sql`u.id::text as "userId", t.session_id as "sessionId",
      t.redirect_to as "redirectTo", u.hashed_password as "hashedPassword",
      u.hashed_password is null and u.confirmed_at >= t.used_at as "isPasswordRemoved"`
