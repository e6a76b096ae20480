import { p } from '@mikro-orm/core'

// Column names are pinned, so that the library's SQL reads the same under every naming strategy of a host.

/** An instant with microseconds; MikroORM's own default would cut the fraction off. */
export function instant(column: string) {
  return p.datetime().fieldName(column).columnType('timestamptz')
}

/** Set by the database when the row is inserted. */
export function createdAt() {
  return instant('created_at').defaultRaw('current_timestamp')
}

/** SHA-256 of a secret: 32 bytes, never serialised. */
export function hash(column: string) {
  return p.blob().fieldName(column).hidden()
}

/** A counter that starts at zero. */
export function counter(column: string) {
  return p.integer().fieldName(column).default(0)
}
