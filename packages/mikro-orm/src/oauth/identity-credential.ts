import { sql } from '../database/sql.ts'
import type { Credential } from '../door/credential.ts'
import type { Table } from '../read-table.ts'

/**
 * An account at a provider. One of a provider that the app has no longer lets nobody in: it is no way in, and stays for the day
 * it comes back.
 */
export function identityCredential(table: Table, providers: readonly string[]): Credential {
  return {
    name: 'identity',
    table,
    counts: sql`f.provider = any(${providers}::text[])`,
    fingerprint: sql`string_agg(f.id::text, ',' order by f.id)`,
    isWayIn: true,
    isSecondFactor: false,
    proves: ['fed'],
    addedAt: sql`f.created_at`,
    disputed: () => sql`false`, // no notice is about one yet
  }
}
