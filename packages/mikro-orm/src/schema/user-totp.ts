import { p } from '@mikro-orm/core'
import { createdAt, instant } from './columns.ts'

/**
 * The library's columns of an authenticator app. The entity adds `id`, `user` (many-to-one, `deleteRule('cascade')`)
 * and the unique `['user']`.
 */
export const userTotpProperties = {
  /** The seed, AES-256-GCM, bound to this row: copied to another row it opens nothing. */
  sealedSecret: p.text().fieldName('sealed_secret').hidden(),
  /** A seed on its way to take the other's place; that one counts until a code of this one was typed. */
  pendingSecret: p.text().fieldName('pending_secret').nullable().hidden(),
  /** Null until a first code was typed: it counts for nothing before. */
  activatedAt: instant('activated_at').nullable(),
  /** The 30-second step of the last accepted code: each works once (RFC 6238 §5.2). */
  lastStep: p.integer().fieldName('last_step').nullable().hidden(),
  createdAt: createdAt(),
}
