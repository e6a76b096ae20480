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
