import { ConfigInvalid } from '@sigra/core'
import { qualify } from './qualify.ts'

// What entity metadata cannot express, as the text that belongs in a migration. Names come from the migration's
// author, not from a visitor; they are quoted all the same.

export interface AuditProtectionOptions {
  /** Rows younger than this cannot be deleted by anyone the trigger applies to. @default 90 */
  minimumAgeDays?: number
}

/**
 * The append-only trigger of the audit log and the one function that may shorten it.
 *
 * The trigger looks at no role and no setting: UPDATE and TRUNCATE are refused always, DELETE for rows younger than
 * the minimum age. The function runs with its owner's rights, so that an app role without DELETE can still apply
 * retention, and clamps what it is asked to the same age.
 *
 * @param table Audit table, optionally with its schema: `audit_events`, `app.audit_events`.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when `minimumAgeDays` is not a whole number above 0.
 */
export function auditProtectionSql(table: string, options: AuditProtectionOptions = {}): string[] {
  const days = options.minimumAgeDays ?? 90
  if (!Number.isInteger(days) || days < 1)
    throw new ConfigInvalid('minimumAgeDays must be a whole number of days, 1 or more')
  const name = qualify(table)
  const protect = qualify(table, '_protect')
  const retain = qualify(table, '_retain')

  return [
    `create function ${protect}() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.occurred_at < clock_timestamp() - interval '${days} days' then
    return old;
  end if;
  raise exception 'audit events cannot be changed' using errcode = 'insufficient_privilege';
end
$$`,
    `create trigger audit_append_only before update or delete on ${name} for each row execute function ${protect}()`,
    `create trigger audit_no_truncate before truncate on ${name} for each statement execute function ${protect}()`,
    `create function ${retain}(older_than interval, batch integer) returns integer language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
declare
  removed integer;
begin
  delete from ${name} where id in (
    select id from ${name}
    where occurred_at < clock_timestamp() - greatest(older_than, interval '${days} days')
    order by occurred_at limit batch
  );
  get diagnostics removed = row_count;
  return removed;
end
$$`,
    `revoke all on function ${retain}(interval, integer) from public`,
  ]
}

/** What the audit objects are removed with, in a migration's `down`. The triggers go with their table. */
export function dropAuditProtectionSql(table: string): string[] {
  return [
    `drop function if exists ${qualify(table, '_retain')}(interval, integer)`,
    `drop function if exists ${qualify(table, '_protect')}() cascade`,
  ]
}

/** Limits survive no crash and need none: UNLOGGED makes them cheap. */
export function unloggedSql(table: string): string[] {
  return [`alter table ${qualify(table)} set unlogged`]
}
