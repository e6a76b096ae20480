import type { Roles } from '@sigra/core'
import type { NoticeCause } from '../areas/area.ts'
import { iso, sql } from '../database/sql.ts'
import type { OrganizationPlaces } from './mail-causes.ts'
import type { OrganizationTables } from './organization-tables.ts'

/**
 * What emails say of an organization that is to be deleted, to whoever asked for it and to its other members, as long as it is due
 * when the line says.
 */
export function deletionCauses(
  { organization, membership }: OrganizationTables,
  { places, roles }: { places: OrganizationPlaces; roles: Pick<Roles, 'owner'> },
): Record<'organizationDeletionScheduled' | 'organizationToBeDeleted', NoticeCause> {
  const list = new URL(places.before.slice(0, -1) || '/', places.origin).href
  const cause =
    (isAsker: boolean): NoticeCause =>
    ({ now, tables: { idType } }) => sql`
    select jsonb_build_object('organization', o.name, 'slug', o.slug, 'deleteAfter', ${iso(sql`o.delete_after`)},
      'lastsUntil', ${iso(sql`o.delete_after`)},
      'organizationsUrl', case when m.role = ${roles.owner} then ${list}::text end)
    from ${organization.name} o join ${membership.name} m on m.organization_id = o.id
    where m.user_id = u.id and ${isAsker ? sql`true` : sql`e.subject_id is distinct from u.id::text`}
      and o.id = e.organization_id::${idType === 'uuid' ? sql`uuid` : sql`bigint`}
      and o.delete_after > ${now} and ${iso(sql`o.delete_after`)} = e.metadata ->> 'deleteAfter'`
  return { organizationDeletionScheduled: cause(true), organizationToBeDeleted: cause(false) }
}
