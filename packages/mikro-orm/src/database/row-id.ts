/** A UUID or a bigint, as the database writes it. */
const ROW_ID = /^[\da-f-]{1,36}$/

/**
 * Reads an id that came from outside; `null` for what no row can have. PostgreSQL throws at some texts (NUL) where a
 * visitor is to hear that there is no such row.
 */
export function parseRowId(typed: unknown): string | null {
  return typeof typed === 'string' && ROW_ID.test(typed) ? typed : null
}
