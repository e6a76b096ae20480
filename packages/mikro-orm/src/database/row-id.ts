import { type Sql, sql } from './sql.ts'

/** A UUID or a bigint, as the database writes it. */
const ROW_ID = /^[\da-f-]{1,36}$/

/** As the database writes one. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/**
 * Reads an id that came from outside; `null` for what no row can have. PostgreSQL throws at some texts (NUL) where a
 * visitor is to hear that there is no such row.
 */
export function parseRowId(typed: unknown): string | null {
  return typeof typed === 'string' && ROW_ID.test(typed) ? typed : null
}

/** The same where an id is a UUID whatever those of users are, so that it can be compared as one. */
export function parseUuid(typed: unknown): string | null {
  return typeof typed === 'string' && UUID.test(typed) ? typed : null
}

const BIGINT = /^\d{1,19}$/
const MAX_BIGINT = 2n ** 63n - 1n

/** An id that came from outside, as a value of the type that ids of the app have, so that an index finds it. */
export function parseId({ idType }: { idType: 'uuid' | 'bigint' }, typed: unknown): Sql | null {
  if (typeof typed !== 'string') return null
  if (idType === 'uuid') return UUID.test(typed) ? sql`${typed}::uuid` : null
  return BIGINT.test(typed) && BigInt(typed) <= MAX_BIGINT ? sql`${typed}::bigint` : null
}
