import { type Sql, sql } from '../database/sql.ts'
import type { Table } from '../read-table.ts'
import type { Runtime } from '../runtime.ts'
import type { Credential } from './credential.ts'

/** Every kind an app has: those of accounts, and those its areas bring. Whatever asks about credentials folds over it. */
export function credentialsOf({ tables, areas }: Pick<Runtime, 'tables' | 'areas'>): readonly Credential[] {
  const own = [authenticatorApp(tables.userTotp), backupCodes(tables.userBackupCode)]
  return [...own, ...areas.flatMap(({ credentials }) => credentials)]
}

/** Whether the user's row `u` has one that counts. */
export function hasCredential({ table, counts }: Credential): Sql {
  return sql`exists (select from ${table.name} f where f.user_id = u.id and ${counts})`
}

export function authenticatorApp(table: Table): Credential {
  return {
    name: 'second-factor',
    table,
    counts: sql`f.activated_at is not null`,
    fingerprint: sql`nullif(concat_ws(',', min(f.id::text), min(f.activated_at)), '')`, // one row, or none
    isWayIn: false,
    isSecondFactor: true,
    proves: ['otp'],
    addedAt: sql`f.activated_at`,
    // The one that this very event activated, not long ago. An older one stays: whoever only reads the mail must not get
    // rid of the factor that keeps them out.
    disputed: ({ notMe }, now) => sql`e.action = 'mfa.activated' and e.metadata->>'method' = 'totp'
      and f.activated_at <= e.occurred_at
      and f.activated_at > ${now} - ${notMe.totpRemovalHours} * interval '1 hour'`,
  }
}

export function backupCodes(table: Table): Credential {
  return {
    name: 'backup-codes',
    table,
    counts: sql`f.used_at is null`,
    fingerprint: sql`max(f.created_at)`,
    addedAt: sql`f.created_at`,
    isWayIn: false,
    isSecondFactor: false, // they stand in for one
    proves: ['backup'],
    // Those there were when codes were made, shown or used: a stranger may have them. Ones made since are the owner's. They
    // keep nobody out, so whoever only reads the mail gains nothing by ending them.
    disputed: () => sql`f.used_at is null and f.created_at <= e.occurred_at
      and (e.action in ('mfa.codes_regenerated', 'mfa.backup_code_used', 'mfa.disabled')
        or e.action = 'mfa.activated' and e.metadata->>'method' = 'second-step'
        or e.action = 'session.sudo' and e.metadata->>'method' = 'backup-code')`,
  }
}
