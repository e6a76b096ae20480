import { ConfigInvalid } from '@sigra/core'

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

export interface OrganizationOwnerOptions {
  /** Tables, each optionally with its schema. @default 'organizations' */
  organizations?: string
  /** @default 'organization_memberships' */
  memberships?: string
  /** The role of owners, as `organizationsArea` is told. @default 'owner' */
  owner?: string
}

/**
 * The trigger that leaves no organization without an owner, whatever removes the last one: two requests at once, a row that
 * goes with its user, or SQL of the host's. It looks when the transaction commits, so that owners can change places in it.
 *
 * It writes the organization's row before it counts: of two transactions that take an owner each, the second waits for the
 * first and sees what it did, or, at a stricter isolation level, fails. An organization that goes as a whole may.
 */
export function organizationOwnerSql(options: OrganizationOwnerOptions = {}): string[] {
  const {
    organizations = 'organizations',
    memberships = 'organization_memberships',
    owner = 'owner',
  } = options
  const table = qualify(memberships)
  const keep = qualify(memberships, '_keep_owner')
  const role = `'${owner.replaceAll("'", "''")}'`
  return [
    `create function ${keep}() returns trigger language plpgsql as $$
begin
  update ${qualify(organizations)} set slug = slug where id = old.organization_id;
  if found and not exists (
    select from ${table} where organization_id = old.organization_id and role = ${role}
  ) then
    raise exception 'an organization keeps an owner' using errcode = 'restrict_violation';
  end if;
  return null;
end
$$`,
    `create constraint trigger organization_keeps_owner after delete or update of role, organization_id on ${table}
deferrable initially deferred for each row when (old.role = ${role}) execute function ${keep}()`,
  ]
}

/** What that is removed with, in a migration's `down`. The trigger goes with its table. */
export function dropOrganizationOwnerSql(memberships = 'organization_memberships'): string[] {
  return [`drop function if exists ${qualify(memberships, '_keep_owner')}() cascade`]
}

/** Limits survive no crash and need none: UNLOGGED makes them cheap. */
export function unloggedSql(table: string): string[] {
  return [`alter table ${qualify(table)} set unlogged`]
}

function qualify(table: string, suffix = ''): string {
  const parts = table.split('.')
  const name = `${parts.pop() ?? ''}${suffix}`
  return [...(parts.length > 0 ? parts : ['public']), name]
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.')
}
