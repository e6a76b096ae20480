import type { AuditSource } from '../audit/record-audit-event.ts'
import { type Sql, sql } from '../database/sql.ts'
import type { Limited } from '../flow-result.ts'
import type { Runtime } from '../runtime.ts'
import { type Charge, chargeLimits } from './charge-limits.ts'
import type { Guess } from './guess.ts'
import { limitKey } from './limit-key.ts'

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
  const charged = await chargeLimits(runtime, [charge], source)
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
