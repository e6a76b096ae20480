import { p } from '@mikro-orm/core'
import { instant } from './columns.ts'

/** A token bucket or a failure count, `key` included. The migration makes the table UNLOGGED. */
export const limitProperties = {
  /** HMAC of what is limited: an address or a name is never stored here. */
  key: p.string().length(64).primary(),
  tokens: p.double(),
  updatedAt: instant('updated_at').index(),
}
