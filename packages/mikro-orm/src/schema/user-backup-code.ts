import { p } from '@mikro-orm/core'
import { createdAt, instant } from './columns.ts'

/**
 * The library's columns of a backup code. The entity adds `id`, `user` (many-to-one, `deleteRule('cascade')`) and the
 * index `['user', 'lookupPrefix']`.
 */
export const userBackupCodeProperties = {
  /** The part of the code it is looked up by; what stays secret is hashed. */
  lookupPrefix: p.string().fieldName('lookup_prefix').length(16).hidden(),
  /** Argon2id PHC string. */
  codeHash: p.text().fieldName('code_hash').hidden(),
  usedAt: instant('used_at').nullable(),
  createdAt: createdAt(),
}
