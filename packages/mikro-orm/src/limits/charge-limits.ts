import type { Bytes, CanonicalEmail } from '@sigra/core'
import type { AuditSource } from '../audit/record-audit-event.ts'
import { join, type Sql, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import type { Bucket } from '../policy.ts'
import type { Runtime } from '../runtime.ts'
import { availableTokens } from './available-tokens.ts'
import type { Guess } from './guess.ts'
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
 * Takes a token from every bucket, in one statement that commits by itself: no later rollback gives one back.
 * Client buckets are charged first; target buckets only when every client bucket granted, so that nobody can use up
 * another's tokens faster than their own.
 *
 * @param source Whom the audit log blames for a refusal, once per key and window; `null` leaves it out.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer: without a count
 *   nothing is let through.
 */
export async function chargeLimits(
  runtime: Runtime,
  client: readonly Charge[],
  target: readonly Charge[],
  source: AuditSource | null = null,
): Promise<ChargeResult> {
  const clientCharges = keyed(runtime, client)
  const targetCharges = keyed(runtime, target)
  const charges = [...clientCharges, ...targetCharges]
  const [row] = await statement<ChargedRow>(runtime, chargeQuery(runtime, clientCharges, targetCharges))
  const denied = charges.find(({ key }) => row?.denied.includes(key) ?? true)
  if (row && !denied) return { ok: true }
  if (denied && source) await recordRateLimited(runtime, source, denied)
  const retryAfterSeconds = Math.max(1, Math.ceil(row?.retryAfterSeconds ?? 1))
  return { ok: false, reason: 'limited', retryAfterSeconds }
}

/**
 * Charges one target bucket.
 *
 * @param guess What it is taken for; `null` where it is not given back whatever comes of it.
 * @returns `null` when it granted.
 */
export async function chargeTarget(
  runtime: Runtime,
  source: AuditSource,
  charge: Charge,
  guess: Guess | null,
): Promise<Limited | null> {
  const charged = await chargeLimits(runtime, [], [charge], source)
  if (!charged.ok) return charged
  guess?.take(bucketRefund(runtime, charge))
  return null
}

/**
 * Gives one token back. A bucket that somebody else is charging at this moment is left as it is: whoever holds it may
 * wait for a row that the caller holds.
 */
export function bucketRefund(runtime: Runtime, { name, subject, bucket }: Charge): Sql {
  const { limit } = runtime.tables
  return sql`
    update ${limit.name} set tokens = least(${bucket.capacity}::float8, tokens + 1) where key in (
      select key from ${limit.name} where key = ${limitKey(runtime, name, subject)} for update skip locked)`
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

/** Rows are taken in the order of their keys, clients first: two statements cannot each wait for the other. */
function chargeQuery(runtime: Runtime, client: readonly KeyedCharge[], target: readonly KeyedCharge[]): Sql {
  const { limit } = runtime.tables
  const wanted = { capacity: sql`w.capacity`, perSeconds: sql`w.per_seconds` }
  const available = (row: Sql) => availableTokens(row, wanted, sql`t.now`)
  const take = (from: Sql, condition: Sql) => sql`
    insert into ${limit.name} as l (key, tokens, updated_at)
    select w.key, w.capacity - 1, t.now from ${from} w, t where ${condition} order by w.key
    on conflict (key) do update set
      tokens = (select ${available(sql`l`)} - 1 from ${from} w, t where w.key = l.key),
      updated_at = greatest(l.updated_at, (select t.now from t))
    where (select ${available(sql`l`)} >= 1 from ${from} w, t where w.key = l.key)
    returning l.key`
  return sql`
    with t as materialized (select ${databaseNow(runtime)} as now),
    wanted_client as materialized (${bucketRows(runtime, client)}),
    wanted_target as materialized (${bucketRows(runtime, target)}),
    client as (${take(sql`wanted_client`, sql`true`)}),
    target as (${take(sql`wanted_target`, sql`(select count(*) from client) = (select count(*) from wanted_client)`)}),
    denied as (
      select w.* from (select * from wanted_client union all select * from wanted_target) w
      where w.key not in (select key from client union all select key from target))
    select
      (select coalesce(array_agg(key), '{}') from denied) as denied,
      (select max((1 - ${available(sql`l`)}) * w.per_seconds / w.capacity)
        from denied w join ${limit.name} l on l.key = w.key, t) as "retryAfterSeconds"`
}

function bucketRows(runtime: Runtime, charges: readonly KeyedCharge[]): Sql {
  const rows = charges.map(
    ({ key, bucket, exceptKnownTo }) =>
      sql`(${key}::varchar, ${bucket.capacity}::float8, ${bucket.perSeconds}::float8, ${isSpared(runtime, exceptKnownTo)})`,
  )
  return rows.length === 0
    ? sql`select null::varchar as key, 0::float8 as capacity, 1::float8 as per_seconds where false`
    : sql`select key, capacity, per_seconds
        from (values ${join(rows, sql`, `)}) as wanted (key, capacity, per_seconds, is_spared) where not is_spared`
}

function isSpared({ tables }: Runtime, known: Charge['exceptKnownTo']): Sql {
  if (!known) return sql`false`
  return sql`exists (
    select from ${tables.userKnownBrowser.name} b join ${tables.user.name} u on u.id = b.user_id
    where u.email_canonical = ${known.account} and b.browser_hash = ${known.browserHash})`
}
