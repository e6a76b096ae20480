import { join, sql, type Sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'
import { credentialsOf } from './credentials.ts'

/**
 * A hash over everything a user signs in with, as SQL over the user's row named `u`: it changes with each of them.
 * What was trusted under another fingerprint is not trusted any more, even where a change forgot to say so. Not over
 * secrets themselves: a re-hashed password is the same credential.
 */
export function credentialFingerprint(runtime: Pick<Runtime, 'tables' | 'areas'>): Sql {
  const parts = credentialsOf(runtime).map(
    ({ table, fingerprint }) => sql`(select ${fingerprint} from ${table.name} f where f.user_id = u.id)`,
  )
  return sql`sha256(convert_to(concat_ws('|', u.id, u.password_changed_at, u.hashed_password is null,
    u.require_second_step, ${join(parts, sql`, `)}), 'UTF8'))`
}
