import { p } from '@mikro-orm/core'
import { instant } from './columns.ts'

/** Typed as nothing: see `user-email-change.ts`. */
const untyped: object = {
  keyId: p.string().fieldName('key_id').length(64),
  /** `changed` or `deleted`. */
  reason: p.string().length(32),
  until: instant('held_until').index(),
}

/**
 * The library's columns of an address that nobody else may have for a while, kept as a digest. The entity adds `user`
 * (many-to-one, nullable, `deleteRule('set null')`): whose it was, who may have it back.
 */
export const userAddressHoldProperties = {
  /** HMAC-SHA-256 of the canonical address under the key `keyId`: whoever reads the table learns no address. */
  digest: p.blob().primary().check('octet_length(digest) = 32'),
  ...untyped,
}
