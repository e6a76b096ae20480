import { sql, type Sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'

/**
 * What a notice may take away again, as conditions on a row `f` of the factor's table, its owner `u` and the event `e`
 * the notice is about. The page that announces it and the statement that does it ask the same.
 */
export interface Disputed {
  /** The passkey that was added, or copied, and no other: one that somebody uses may be the owner's. */
  passkey: Sql
  /**
   * The authenticator app that was activated, by this very event and not long ago. Older ones stay: whoever only reads
   * the mail must not get rid of the factor that keeps them out.
   */
  totp: Sql
  /**
   * The backup codes there were when codes were made, shown or used: a stranger may have them. Ones made since are the
   * owner's. They keep nobody out, so whoever only reads the mail gains nothing by ending them.
   */
  codes: Sql
}

export function disputedBy({ policy }: Runtime, now: Sql): Disputed {
  return {
    passkey: sql`f.user_id = u.id and e.action in ('passkey.added', 'passkey.counter_regressed') and f.id::text = e.target_id`,
    totp: sql`f.user_id = u.id and e.action = 'mfa.activated' and e.metadata->>'method' = 'totp'
      and f.activated_at <= e.occurred_at
      and f.activated_at > ${now} - ${policy.notMe.totpRemovalHours} * interval '1 hour'`,
    codes: sql`f.user_id = u.id and f.used_at is null and f.created_at <= e.occurred_at
      and (e.action in ('mfa.codes_regenerated', 'mfa.backup_code_used', 'mfa.disabled')
        or e.action = 'mfa.activated' and e.metadata->>'method' = 'second-step'
        or e.action = 'session.sudo' and e.metadata->>'method' = 'backup-code')`,
  }
}
