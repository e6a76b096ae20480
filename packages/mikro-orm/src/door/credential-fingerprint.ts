import { sql, type Sql } from '../database/sql.ts'
import type { Tables } from '../tables.ts'

/**
 * A hash over everything a user signs in with, as SQL over the user's row named `u`: it changes with each of them.
 * What was trusted under another fingerprint is not trusted any more, even where a change forgot to say so. Not over
 * secrets themselves: a re-encrypted seed or a re-hashed password is the same credential.
 */
export function credentialFingerprint(tables: Tables): Sql {
  const { userTotp, userBackupCode, passkeys } = tables
  const passkeyIds = passkeys
    ? sql`(select string_agg(f.id::text, ',' order by f.id) from ${passkeys.userPasskey.name} f where f.user_id = u.id)`
    : sql`''`
  return sql`sha256(convert_to(concat_ws('|', u.id, u.password_changed_at, u.hashed_password is null,
    u.require_second_step,
    (select concat_ws(',', f.id, f.activated_at) from ${userTotp.name} f where f.user_id = u.id),
    (select max(f.created_at) from ${userBackupCode.name} f where f.user_id = u.id),
    ${passkeyIds}), 'UTF8'))`
}
