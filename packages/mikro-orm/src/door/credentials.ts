import { type Sql, sql } from '../database/sql.ts'
import type { RemovedByNotMe } from '../mail/mail-props.ts'
import type { Policy } from '../policy.ts'
import type { Table, Tables } from '../tables.ts'

/** What somebody signs in with beside the password: rows `f` of a table of its own, of the user's row `u`. */
export interface Credential {
  name: Exclude<RemovedByNotMe, 'password'>
  table: Table
  /** Which rows count. */
  counts: Sql
  /**
   * Over all rows of a user: changes when one is added, replaced or removed. Never over secrets: a seed that is sealed anew
   * is the same credential.
   */
  fingerprint: Sql
  /** Can be asked for after another one. */
  isSecondFactor: boolean
  /**
   * Which rows a notice about the event `e` may take away again. The page that announces it and the statement that does it
   * ask the same.
   */
  disputed(policy: Policy, now: Sql): Sql
}

/** Every kind an app has. A new one is added here, and whatever asks about credentials knows it. */
export function credentialsOf({ userTotp, userBackupCode, passkeys }: Tables): readonly Credential[] {
  const own = [authenticatorApp(userTotp), backupCodes(userBackupCode)]
  return passkeys ? [...own, passkey(passkeys.userPasskey)] : own
}

/** Whether the user's row `u` has one that counts. */
export function hasCredential({ table, counts }: Credential): Sql {
  return sql`exists (select from ${table.name} f where f.user_id = u.id and ${counts})`
}

function authenticatorApp(table: Table): Credential {
  return {
    name: 'second-factor',
    table,
    counts: sql`f.activated_at is not null`,
    fingerprint: sql`nullif(concat_ws(',', min(f.id::text), min(f.activated_at)), '')`, // one row, or none
    isSecondFactor: true,
    // The one that this very event activated, not long ago. An older one stays: whoever only reads the mail must not get
    // rid of the factor that keeps them out.
    disputed: ({ notMe }, now) => sql`e.action = 'mfa.activated' and e.metadata->>'method' = 'totp'
      and f.activated_at <= e.occurred_at
      and f.activated_at > ${now} - ${notMe.totpRemovalHours} * interval '1 hour'`,
  }
}

function backupCodes(table: Table): Credential {
  return {
    name: 'backup-codes',
    table,
    counts: sql`f.used_at is null`,
    fingerprint: sql`max(f.created_at)`,
    isSecondFactor: false, // they stand in for one
    // Those there were when codes were made, shown or used: a stranger may have them. Ones made since are the owner's. They
    // keep nobody out, so whoever only reads the mail gains nothing by ending them.
    disputed: () => sql`f.used_at is null and f.created_at <= e.occurred_at
      and (e.action in ('mfa.codes_regenerated', 'mfa.backup_code_used', 'mfa.disabled')
        or e.action = 'mfa.activated' and e.metadata->>'method' = 'second-step'
        or e.action = 'session.sudo' and e.metadata->>'method' = 'backup-code')`,
  }
}

function passkey(table: Table): Credential {
  return {
    name: 'passkey',
    table,
    counts: sql`true`,
    fingerprint: sql`string_agg(f.id::text, ',' order by f.id)`,
    isSecondFactor: true,
    // The one that was added, or copied, and no other: one that somebody uses may be the owner's.
    disputed: () =>
      sql`e.action in ('passkey.added', 'passkey.counter_regressed') and f.id::text = e.target_id`,
  }
}
