import { join, type Sql, sql } from '../database/sql.ts'
import type { Table } from '../read-table.ts'
import type { Runtime } from '../runtime.ts'
import { credentialsOf } from './credentials.ts'

/** A row of a credential's table that is about to go. */
export interface LostCredential {
  table: Table
  id: Sql
}

/**
 * Whether the user's row `u` is left with something to sign in by once a row has gone: a password, or another row of any
 * credential that is a way in. A mailbox is for recovery; it does not count. Lock the user before, so that of two ways
 * removed at once the second is the last one.
 */
export function hasWayInWithout(runtime: Pick<Runtime, 'tables' | 'areas'>, lost: LostCredential): Sql {
  const others = credentialsOf(runtime)
    .filter(({ isWayIn }) => isWayIn)
    .map(({ table, counts }) => {
      const isOther = table.quoted === lost.table.quoted ? sql`f.id <> ${lost.id}` : sql`true`
      return sql`exists (select from ${table.name} f where f.user_id = u.id and ${counts} and ${isOther})`
    })
  return sql`(${join([sql`u.hashed_password is not null`, ...others], sql` or `)})`
}
