import { type Sql, sql } from '../database/sql.ts'
import { domainOf } from './email-domain.ts'
import type { OrganizationTables } from './organization-tables.ts'

/**
 * Organizations `o` that a user `u` may join by a domain `d`: a proven one, the very one of their proven address. Not where they
 * are a member, and not where they were removed.
 */
export function offeringTo({ domain, organization, membership, exclusion }: OrganizationTables): {
  from: Sql
  where: Sql
} {
  return {
    from: sql`${domain.name} d join ${organization.name} o on o.id = d.organization_id`,
    where: sql`(d.domain = ${domainOf(sql`u.email_canonical`)} and d.verified_at is not null and u.confirmed_at is not null
      and o.delete_after is null and o.personal_owner_id is null
      and not exists (select from ${membership.name} m where m.organization_id = o.id and m.user_id = u.id)
      and not exists (select from ${exclusion.name} x where x.organization_id = o.id and x.user_id = u.id))`,
  }
}

/** Whether an organization `o` has a seat. Hold its lock where that decides. */
export function hasSeat({ membership }: OrganizationTables): Sql {
  return sql`(o.seat_limit is null
    or o.seat_limit > (select count(*) from ${membership.name} s where s.organization_id = o.id))`
}
