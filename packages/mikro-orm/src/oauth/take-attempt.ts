import { isRandomToken, type ProviderAttempt } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { milliseconds, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import { requireOauth } from './require-oauth.ts'
import { hashState, openAttempt } from './sealed-attempt.ts'

/** An attempt whose answer has come, to be looked at once. */
export interface TakenAttempt {
  id: string
  attempt: ProviderAttempt
  redirectTo: string | null
  remembered: boolean
  /** By the database's clock. */
  now: Date
}

/** `out-of-date`: unknown, of another browser or provider, too old, or used. `done`: the very answer that let somebody in. */
export type AttemptOver =
  { ok: false; reason: 'out-of-date' } | { ok: false; reason: 'done'; redirectTo: string | null }

interface AttemptRow {
  id: string
  isTaken: boolean
  isDone: boolean
  sealedSecrets: string | null
  redirectTo: string | null
  remembered: boolean
  now: number
}

const outOfDate = { ok: false, reason: 'out-of-date' } as const

/**
 * Takes the attempt that an answer is for, in one statement: of any number of calls one gets it (race-tested), and a call that
 * does not fit takes nothing away from the browser that it belongs to.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function takeAttempt(
  runtime: Runtime,
  caller: Caller,
  provider: string,
  answer: URLSearchParams,
): Promise<TakenAttempt | AttemptOver> {
  const state = readState(answer)
  const row = state === null ? null : await takeRow(runtime, caller, provider, state)
  if (state === null || row === null) return outOfDate
  if (row.isDone) return { ok: false, reason: 'done', redirectTo: row.redirectTo }
  const attempt =
    row.isTaken && row.sealedSecrets !== null ? openAttempt(runtime.ring, state, row.sealedSecrets) : null
  if (attempt === null) return outOfDate
  return {
    id: row.id,
    attempt,
    redirectTo: row.redirectTo,
    remembered: row.remembered,
    now: new Date(row.now),
  }
}

/** The one state of an answer that names each of its parameters once: of two, one could be checked and the other used. */
function readState(answer: URLSearchParams): string | null {
  const names = [...answer.keys()]
  const state = new Set(names).size === names.length ? answer.get('state') : null
  return isRandomToken(state) ? state : null
}

async function takeRow(
  runtime: Runtime,
  caller: Caller,
  provider: string,
  state: string,
): Promise<AttemptRow | null> {
  const { name } = requireOauth(runtime).tables.attempt
  const now = databaseNow(runtime)
  const isIt = sql`a.state_hash = ${hashState(state)} and a.browser_hash = ${browserHashOf(caller)}
    and a.provider = ${provider} and a.expires_at > t.now`
  const [row] = await statement<AttemptRow>(
    runtime,
    sql`
    with t as materialized (select ${now} as now),
    taken as (
      update ${name} a set step = 'taken', sealed_secrets = null from t where ${isIt} and a.step = 'started'
      returning a.id
    )
    select a.id::text as id, exists (select from taken) as "isTaken", a.step = 'done' as "isDone",
      a.sealed_secrets as "sealedSecrets", a.redirect_to as "redirectTo", a.remembered, ${milliseconds(sql`t.now`)} as now
    from ${name} a, t where ${isIt}`,
  )
  return row ?? null
}
