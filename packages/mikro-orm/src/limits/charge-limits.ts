import type { Bytes, CanonicalEmail } from '@sigra/core'
import type { AuditSource } from '../audit/record-audit-event.ts'
import { identifier, join, type Sql, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import type { Bucket } from '../policy.ts'
import type { Runtime } from '../runtime.ts'
import { availableTokens } from './available-tokens.ts'
import { limitKey } from './limit-key.ts'
import { recordRateLimited } from './record-rate-limited.ts'

/** One bucket to take a token from. */
export interface Charge {
  /** What is limited, for example `sign-in.client`. Part of the key, and of the audit line. */
  name: string
  /** Whom it is counted for: a network, an address. Stored as HMAC only. */
  subject: string
  bucket: Bucket
  /** Not charged where this account knows this browser, which the charging statement finds out. @default always charged */
  exceptKnownTo?: { account: CanonicalEmail; browserHash: Bytes } | null
}

export type ChargeResult = { ok: true } | Limited

interface KeyedCharge extends Charge {
  key: string
}

interface ChargedRow {
  /** Keys that were wanted and had no token. */
  denied: string[]
  retryAfterSeconds: number | null
}

/**
 * Takes a token from one bucket after the other until one refuses, in one statement that commits by itself: no later
 * rollback gives one back. What a refused call would have taken further on stays there, so that nobody can use up a
 * bucket that others share faster than their own.
 *
 * @param charges From the caller's own to what is shared: a network, the site around it, an account. Two callers take
 *   the same buckets in the same order, or each could wait for the other.
 * @param source Whom the audit log blames for a refusal, once per key and window; `null` leaves it out.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer: without a count
 *   nothing is let through.
 */
export async function chargeLimits(
  runtime: Runtime,
  charges: readonly Charge[],
  source: AuditSource | null = null,
): Promise<ChargeResult> {
  const wanted = keyed(runtime, charges)
  const [row] = await statement<ChargedRow>(runtime, chargeQuery(runtime, wanted))
  const denied = wanted.find(({ key }) => row?.denied.includes(key) ?? true)
  if (row && !denied) return { ok: true }
  if (denied && source) await recordRateLimited(runtime, source, denied)
  const retryAfterSeconds = Math.max(1, Math.ceil(row?.retryAfterSeconds ?? 1))
  return { ok: false, reason: 'limited', retryAfterSeconds }
}

/** Each key once: one statement cannot take twice from one row. */
function keyed(runtime: Runtime, charges: readonly Charge[]): KeyedCharge[] {
  const unique = new Map<string, KeyedCharge>()
  for (const charge of charges) {
    const key = limitKey(runtime, charge.name, charge.subject)
    unique.set(key, { ...charge, key })
  }
  return [...unique.values()]
}

/** A step for each bucket; it takes where all steps before it took. */
function chargeQuery(runtime: Runtime, charges: readonly KeyedCharge[]): Sql {
  const { limit } = runtime.tables
  const bucket = { capacity: sql`w.capacity`, perSeconds: sql`w.per_seconds` }
  const available = (row: Sql) => availableTokens(row, bucket, sql`t.now`)
  const steps = charges.map((_, n) => identifier(`step_${n}`))
  const takenBy = (some: readonly Sql[]) =>
    join(
      [sql`select null::varchar as key where false`, ...some.map((step) => sql`select key from ${step}`)],
      sql` union all `,
    )
  const take = (n: number) => sql`
    insert into ${limit.name} as l (key, tokens, updated_at)
    select w.key, w.capacity - 1, t.now from wanted w, t
    where w.n = ${n}::int
      and (select count(*) from (${takenBy(steps.slice(0, n))}) s) = (select count(*) from wanted where n < ${n}::int)
    on conflict (key) do update set
      tokens = (select ${available(sql`l`)} - 1 from wanted w, t where w.key = l.key),
      updated_at = greatest(l.updated_at, (select t.now from t))
    where (select ${available(sql`l`)} >= 1 from wanted w, t where w.key = l.key)
    returning l.key`
  return sql`
    with t as materialized (select ${databaseNow(runtime)} as now),
    wanted as materialized (${bucketRows(runtime, charges)}),
    ${join(
      steps.map((step, n) => sql`${step} as (${take(n)}),`),
      sql``,
    )}
    taken as (${takenBy(steps)}),
    denied as (select w.* from wanted w where not exists (select from taken where taken.key = w.key))
    select
      (select coalesce(array_agg(key), '{}') from denied) as denied,
      (select max((1 - ${available(sql`l`)}) * w.per_seconds / w.capacity)
        from denied w join ${limit.name} l on l.key = w.key, t) as "retryAfterSeconds"`
}

function bucketRows(runtime: Runtime, charges: readonly KeyedCharge[]): Sql {
  const rows = charges.map(
    ({ key, bucket, exceptKnownTo }, n) =>
      sql`(${n}::int, ${key}::varchar, ${bucket.capacity}::float8, ${bucket.perSeconds}::float8, ${isSpared(runtime, exceptKnownTo)})`,
  )
  return rows.length === 0
    ? sql`select 0 as n, null::varchar as key, 0::float8 as capacity, 1::float8 as per_seconds where false`
    : sql`select n, key, capacity, per_seconds
        from (values ${join(rows, sql`, `)}) as wanted (n, key, capacity, per_seconds, is_spared) where not is_spared`
}

function isSpared({ tables }: Runtime, known: Charge['exceptKnownTo']): Sql {
  if (!known) return sql`false`
  return sql`exists (
    select from ${tables.userKnownBrowser.name} b join ${tables.user.name} u on u.id = b.user_id
    where u.email_canonical = ${known.account} and b.browser_hash = ${known.browserHash})`
}
