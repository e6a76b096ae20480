import { createUuidV7 } from '@sigra/core'
import { p } from '@mikro-orm/core'

/** A UUIDv7 made in the app: sorted by time, unguessable enough for ids, known before the insert. */
export function uuidKey() {
  return p
    .uuid()
    .primary()
    .onCreate(() => createUuidV7(new Date()))
}

/** A number made by the database. `string` in TypeScript: it outgrows a JavaScript number. */
export function bigintKey() {
  return p.bigint('string').primary().generated('by default as identity')
}
