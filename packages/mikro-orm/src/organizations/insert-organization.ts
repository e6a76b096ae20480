import type { OrganizationSlug, Roles } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import { newIdOf } from '../database/transaction.ts'
import type { TransactionOf } from '../database/transaction-of.ts'
import type { UserId } from '../user-id.ts'
import type { OrganizationTables } from './organization-tables.ts'

export interface NewOrganization {
  slug: OrganizationSlug
  name: string
  ownerId: UserId
  isPersonal: boolean
}

/** What is written with: the area's own, as hooks know no runtime. */
export interface Written {
  tables: OrganizationTables
  roles: Pick<Roles, 'owner'>
}

/**
 * Writes an organization with its slug and its first owner, in one statement. The slug decides: of any number of people who
 * want it one gets it, and one whose time as a former slug is over goes to whoever asks first.
 *
 * @returns its id; `null` where the slug is taken.
 */
export async function insertOrganization(
  tx: TransactionOf<unknown>,
  { tables, roles }: Written,
  { slug, name, ownerId, isPersonal }: NewOrganization,
): Promise<string | null> {
  const made = new Date()
  const idOf = (table: Written['tables']['slug']): Sql => newIdOf(tx.tables, table, made)
  const [row] = await tx.rows<{ id: string }>(sql`
    with t as materialized (select ${tx.now} as now, ${idOf(tables.organization)} as id),
    s as (
      insert into ${tables.slug.name} as x (slug, organization_id) select ${slug}, t.id from t
      on conflict (slug) do update set organization_id = excluded.organization_id, former_until = null
        where x.former_until <= (select now from t)
      returning organization_id
    ), o as (
      insert into ${tables.organization.name} (id, slug, name, personal_owner_id, created_at)
      select s.organization_id, ${slug}, ${name}, case when ${isPersonal}::boolean then u.id end, t.now
      from s cross join t cross join ${tx.tables.user.name} u where u.id = ${ownerId}
    )
    insert into ${tables.membership.name} (id, organization_id, user_id, role, last_used_at, created_at)
    select ${idOf(tables.membership)}, s.organization_id, ${ownerId}, ${roles.owner}, t.now, t.now from s cross join t
    returning organization_id::text as id`)
  return row?.id ?? null
}
