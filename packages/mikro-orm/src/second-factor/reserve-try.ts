import { type CanonicalEmail, Impossible } from '@sigra/core'
import { milliseconds, sql, type Sql } from '../database/sql.ts'
import { databaseNow, type Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import type { Runtime } from '../runtime.ts'
import { SessionOvertaken } from '../sessions/continue-session.ts'
import {
  isAlive,
  isEnabled,
  isPresented,
  mayHaveSession,
  type PresentedSession,
} from '../sessions/living-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import type { UserId } from '../user-id.ts'
import type { TypedCode } from './typed-code.ts'

/** One code to be tried, counted before it is looked at. */
export interface ReservedTry {
  userId: UserId
  address: CanonicalEmail
  /** Of the statement that counted. */
  now: Date
  /** Codes of this pending sign-in so far, this one included; 0 where the session is a full one. */
  attempts: number
  /** Codes of the account that were not right, in a row, as if this one were wrong. */
  failures: number
  /** The authenticator app that is active. */
  totp: { rowId: string; sealedSecret: string; lastStep: number | null } | null
  /** Of the one unused backup code that begins as the typed one does. */
  codeHash: string | null
}

export type TryRefusal =
  /** The sign-in is over: its five codes are used up, its time is, or it was finished elsewhere. */
  | { ok: false; reason: 'session-ended' }
  /** A hundred wrong ones in a row: no code is looked at until a passkey or an operator opens the account again. */
  | { ok: false; reason: 'blocked' }
  | Limited

interface TryRow {
  counted: boolean
  isPresented: boolean
  hasTries: boolean
  isBlocked: boolean
  waitSeconds: number | null
  address: CanonicalEmail
  now: number
  attempts: number
  failures: number
  totpId: string | null
  sealedSecret: string | null
  lastStep: number | null
  codeHash: string | null
}

const WAIT_AGAIN_SECONDS = 60 // the first wait: who lost against a try at the same moment

/**
 * Counts a code and reads what it is compared with, in one statement: of any number of parallel
 * guesses each is counted before one of them is answered. The user's row is locked first, so that the count is exact:
 * five for a sign-in, and from the twentieth in a row on one at a time, each after a wait twice as long.
 *
 * @param run In the transaction that evaluates, or as a statement that commits by itself.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile: nothing is counted.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 * @throws {Impossible} `SIGRA_IMPOSSIBLE` when it answers without a row.
 */
export async function reserveTry(
  runtime: Runtime,
  run: Transaction['rows'],
  session: PresentedSession,
  typed: TypedCode,
): Promise<{ ok: true; tried: ReservedTry } | TryRefusal> {
  const [row] = await run<TryRow>(tryQuery(runtime, session, typed))
  if (!row) throw new Impossible('a select without a condition returns one row')
  return row.counted ? { ok: true, tried: readTry(session.userId, row) } : refusalOf(row)
}

/** Gives a try back that was never evaluated, or was right and came to nothing for want of a database. */
export function tryRefund(
  runtime: Runtime,
  session: Pick<ResolvedSession, 'id' | 'userId' | 'awaiting'>,
): Sql {
  const { user, userSession } = runtime.tables
  const { backOffFrom } = runtime.policy.secondFactorCodes
  return sql`
    with owner as (
      update ${user.name} u set failed_second_factor_count = greatest(u.failed_second_factor_count - 1, 0),
        second_factor_wait_until = case when u.failed_second_factor_count > ${backOffFrom}
          then u.second_factor_wait_until end
      where u.id = ${session.userId} returning u.id
    )
    update ${userSession.name} s set attempts = greatest(s.attempts - 1, 0)
    from owner where s.id = ${session.id} and s.user_id = owner.id and s.awaiting = 'second-factor'`
}

function tryQuery(runtime: Runtime, session: PresentedSession, typed: TypedCode): Sql {
  const { user, userTotp, userBackupCode } = runtime.tables
  const { backOffFrom, longestWaitHours, refuseAt } = runtime.policy.secondFactorCodes
  const prefix = typed.method === 'backup-code' ? (typed.code?.lookupPrefix ?? null) : null
  const hasWaited = sql`(u.second_factor_wait_until is null or u.second_factor_wait_until <= (select now from t))`
  const next = sql`(x.failed_second_factor_count + 1)`
  // 2^20 minutes is beyond any longest wait; a bigger power would leave the range of an interval some day.
  const wait = sql`least(${longestWaitHours} * interval '1 hour',
    power(2, least(${next} - ${backOffFrom}, 20)) * interval '1 minute')`
  return sql`
    with t as materialized (select ${databaseNow(runtime)} as now),
    u as materialized (
      select u.id from ${user.name} u
      where u.id = ${session.userId} and ${isEnabled(sql`(select now from t)`)}
        and u.failed_second_factor_count < ${refuseAt} and ${hasWaited}
      for no key update
    ), tried as (${countInSession(runtime, session)}),
    counted as (
      update ${user.name} x set failed_second_factor_count = x.failed_second_factor_count + 1,
        second_factor_wait_until = case when ${next} >= ${backOffFrom} then t.now + ${wait}
          else x.second_factor_wait_until end
      from tried, t where x.id = tried.user_id
      returning x.failed_second_factor_count as failures, tried.attempts
    )
    select c.failures is not null as counted, ${milliseconds(sql`t.now`)} as now, c.attempts, c.failures,
      p.email_canonical as address, p.failed_second_factor_count >= ${refuseAt} as "isBlocked",
      extract(epoch from p.second_factor_wait_until - t.now)::float8 as "waitSeconds",
      exists (${livingSession(runtime, session)}) as "isPresented",
      exists (${sessionWithTries(runtime, session)}) as "hasTries",
      f.id::text as "totpId", f.sealed_secret as "sealedSecret", f.last_step as "lastStep",
      (select b.code_hash from ${userBackupCode.name} b
        where b.user_id = p.id and b.lookup_prefix = ${prefix} and b.used_at is null
        limit 1) as "codeHash"
    from t left join counted c on true left join ${user.name} p on p.id = ${session.userId}
      left join ${userTotp.name} f on f.user_id = p.id and f.activated_at is not null`
}

/** A pending sign-in has five tries of its own; for a full session, at sudo, the session's bucket counts. */
function countInSession(runtime: Runtime, session: PresentedSession): Sql {
  if (session.awaiting === null) {
    return sql`select s.user_id, 0 as attempts from (${livingSession(runtime, session)}) s join u on u.id = s.user_id`
  }
  const { triesPerChallenge } = runtime.policy.secondFactorCodes
  return sql`
    update ${runtime.tables.userSession.name} s set attempts = s.attempts + 1
    from u where s.user_id = u.id and ${isPresented(session)} and ${isAlive(runtime, sql`(select now from t)`)}
      and s.attempts < ${triesPerChallenge}
    returning s.user_id, s.attempts`
}

function livingSession(runtime: Runtime, session: PresentedSession): Sql {
  return sql`
    select s.user_id, s.attempts
    from ${runtime.tables.userSession.name} s join ${runtime.tables.user.name} u on u.id = s.user_id
    where ${isPresented(session)} and ${isAlive(runtime, sql`(select now from t)`)}
      and ${mayHaveSession(sql`(select now from t)`)}`
}

function sessionWithTries(runtime: Runtime, session: PresentedSession): Sql {
  const { triesPerChallenge } = runtime.policy.secondFactorCodes
  return sql`
    select from (${livingSession(runtime, session)}) s
    where ${session.awaiting}::text is null or s.attempts < ${triesPerChallenge}`
}

function readTry(userId: UserId, row: TryRow): ReservedTry {
  const { totpId, sealedSecret, lastStep } = row
  return {
    userId,
    address: row.address,
    now: new Date(row.now),
    attempts: row.attempts,
    failures: row.failures,
    totp: totpId === null || sealedSecret === null ? null : { rowId: totpId, sealedSecret, lastStep },
    codeHash: row.codeHash,
  }
}

function refusalOf(row: TryRow): TryRefusal {
  if (!row.isPresented) throw new SessionOvertaken()
  if (!row.hasTries) return { ok: false, reason: 'session-ended' }
  if (row.isBlocked) return { ok: false, reason: 'blocked' }
  const retryAfterSeconds = Math.max(1, Math.ceil(row.waitSeconds ?? WAIT_AGAIN_SECONDS))
  return { ok: false, reason: 'limited', retryAfterSeconds }
}
