import { qualify } from './qualify.ts'

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
