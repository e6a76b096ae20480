import type { Sql } from '../database/sql.ts'
import { sql } from '../database/sql.ts'

/**
 * What a bucket holds at this moment: what was left of it, and what came back since.
 *
 * @param row Of the table of limits.
 * @param bucket Its `Bucket`, as SQL.
 */
export function availableTokens(row: Sql, bucket: { capacity: Sql; perSeconds: Sql }, now: Sql): Sql {
  return sql`least(${bucket.capacity}, ${row}.tokens
    + greatest(0, extract(epoch from ${now} - ${row}.updated_at)::float8) * ${bucket.capacity} / ${bucket.perSeconds})`
}
