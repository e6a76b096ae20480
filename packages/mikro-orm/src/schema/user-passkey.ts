import { p } from '@mikro-orm/core'
import { createdAt, instant } from './columns.ts'

/**
 * The library's columns of a passkey. The entity adds `id`, `user` (many-to-one, `deleteRule('cascade')`) and the index
 * `['user']`.
 */
export const userPasskeyProperties = {
  /** At most 1023 bytes (WebAuthn Level 3, §4). */
  credentialId: p
    .blob()
    .fieldName('credential_id')
    .unique()
    .check('octet_length(credential_id) >= 1 and octet_length(credential_id) <= 1023'),
  /** COSE key. */
  publicKey: p.blob().fieldName('public_key').hidden(),
  /** The authenticator's own count; 0 where it keeps none. */
  counter: p.bigint('number').default(0),
  /** Names the provider, where it tells. */
  aaguid: p.uuid(),
  transports: p.array().columnType('text[]'),
  backupEligible: p.boolean().fieldName('backup_eligible'),
  backedUp: p.boolean().fieldName('backed_up'),
  nickname: p.string().length(64),
  lastUsedAt: instant('last_used_at').nullable(),
  createdAt: createdAt(),
}
