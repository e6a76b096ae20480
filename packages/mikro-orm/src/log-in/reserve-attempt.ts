import { type CanonicalEmail, Impossible } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql, type Sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import type { UserId } from '../user-id.ts'
import { failedPasswordKeys } from './forget-failed-passwords.ts'

/** One password to be tried, counted before it is looked at. */
export interface ReservedAttempt {
  /** `null` where nobody has this address. */
  userId: UserId | null
  hashedPassword: string | null
  /** A browser that signed in to this account before is counted apart from all others. */
  browser: 'known' | 'unknown'
  /** `false`: too many failures from unknown browsers; the password is not even compared. */
  mayTry: boolean
  /** Row of the failures in a row that a success removes. */
  backOffKey: string
}

export type Reservation = { ok: true; attempt: ReservedAttempt } | { ok: false; retryAfterSeconds: number }

interface ReservationRow {
  userId: UserId | null
  hashedPassword: string | null
  known: boolean
  reserved: boolean
  waited: boolean
  retryAfterSeconds: number | null
  backOffKey: string
}

/**
 * Reads the user and counts the attempt, in one statement that commits by itself: of any number of parallel guesses
 * each is counted before one of them is answered. Failures in a row make (address, network) wait, whether or not
 * anybody has the address.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 * @throws {Impossible} `SIGRA_IMPOSSIBLE` when it answers without a row.
 */
export async function reserveAttempt(
  runtime: Runtime,
  caller: Caller,
  identity: { canonical: CanonicalEmail | null; typed: string },
): Promise<Reservation> {
  const [row] = await statement<ReservationRow>(runtime, reservationQuery(runtime, caller, identity))
  if (!row) throw new Impossible('a select without a condition returns one row')
  if (!row.waited) return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil(row.retryAfterSeconds ?? 1)) }
  return {
    ok: true,
    attempt: {
      userId: row.userId,
      hashedPassword: row.hashedPassword,
      browser: row.known ? 'known' : 'unknown',
      mayTry: row.reserved || row.userId === null,
      backOffKey: row.backOffKey,
    },
  }
}

/**
 * Gives back what was no guess: the password was right, or nobody could look at it, the hash queue full or the database
 * away. Both counts come after the one of the limit, whose row a reservation too locks first: the other order would be a
 * deadlock of the two.
 */
export function attemptRefund(runtime: Runtime, caller: Caller, attempt: ReservedAttempt): Sql {
  const { limit, user, userKnownBrowser } = runtime.tables
  const isCounted = attempt.userId !== null && attempt.mayTry
  const browserHash = browserHashOf(caller)
  return sql`
    with failures as (
      update ${limit.name} set tokens = greatest(tokens - 1, 0) where key = ${attempt.backOffKey}
      returning 1
    ), known as (
      update ${userKnownBrowser.name} set failed_password_count = greatest(failed_password_count - 1, 0)
      where ${isCounted && attempt.browser === 'known'} and user_id = ${attempt.userId} and browser_hash = ${browserHash}
        and (select count(*) from failures) >= 0
    )
    update ${user.name} set failed_password_count = greatest(failed_password_count - 1, 0)
    where ${isCounted && attempt.browser === 'unknown'} and id = ${attempt.userId}
      and (select count(*) from failures) >= 0`
}

function reservationQuery(
  runtime: Runtime,
  caller: Caller,
  { canonical, typed }: { canonical: CanonicalEmail | null; typed: string },
): Sql {
  const { limit, user, userKnownBrowser } = runtime.tables
  const { backOffFrom, firstWaitSeconds, longestWaitSeconds, forgetHours, refuseAt } =
    runtime.policy.failedPasswords
  const browserHash = browserHashOf(caller)
  const key = failedPasswordKeys(runtime, caller, canonical ?? typed)
  // 2^60 seconds is beyond any longest wait; a bigger power would leave the range of a float some day.
  const wait = sql`case when l.tokens < ${backOffFrom} then 0 else least(${longestWaitSeconds}::float8,
    ${firstWaitSeconds}::float8 * power(2, least(l.tokens - ${backOffFrom}, 60))) end * interval '1 second'`
  const forgotten = sql`l.updated_at <= t.now - ${forgetHours} * interval '1 hour'`
  // Without waiting for the disk: a crash may forget a count of the last half second, and known and unknown
  // accounts take the same time to be counted.
  return sql`
    with t as materialized (
      select ${databaseNow(runtime)} as now, set_config('synchronous_commit', 'off', true) as quick
    ), u as (
      select u.id, u.hashed_password from ${user.name} u where u.email_canonical = ${canonical}
    ), k as (
      select k.id from ${userKnownBrowser.name} k join u on u.id = k.user_id
      where k.browser_hash = ${browserHash} and k.failed_password_count < ${refuseAt}
    ), w as (
      select case when exists (select from k) then ${key.browser} else ${key.network} end::varchar as key
    ), waited as (
      insert into ${limit.name} as l (key, tokens, updated_at) select w.key, 1, t.now from w, t
      on conflict (key) do update set
        tokens = (select case when ${forgotten} then 1 else l.tokens + 1 end from t),
        updated_at = (select greatest(l.updated_at, t.now) from t)
      where (select ${forgotten} or l.tokens < ${backOffFrom} or t.now >= l.updated_at + ${wait} from t)
      returning l.key
    ), known as (
      update ${userKnownBrowser.name} x set failed_password_count = x.failed_password_count + 1
      from k, waited where x.id = k.id and x.failed_password_count < ${refuseAt}
      returning x.id
    ), unknown as (
      update ${user.name} x set failed_password_count = x.failed_password_count + 1
      from u, waited
      where x.id = u.id and x.failed_password_count < ${refuseAt} and not exists (select from k)
      returning x.id
    )
    select u.id::text as "userId", u.hashed_password as "hashedPassword", w.key as "backOffKey",
      exists (select from k) as known, exists (select from waited) as waited,
      exists (select from known union all select from unknown) as reserved,
      (select extract(epoch from l.updated_at + ${wait} - t.now)::float8 from ${limit.name} l where l.key = w.key)
        as "retryAfterSeconds"
    from t cross join w left join u on true`
}
