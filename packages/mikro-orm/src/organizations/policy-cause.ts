import type { NoticeCause } from '../areas/area.ts'
import { iso, sql } from '../database/sql.ts'
import type { OrganizationPlaces } from './mail-causes.ts'
import type { OrganizationTables } from './organization-tables.ts'
import { lackedOf } from './policy-means.ts'

/** What the policy of now asks of a member that they have nothing for. Who has it meanwhile is told nothing. */
export function policyCause(
  { organization, membership }: OrganizationTables,
  places: OrganizationPlaces,
): { organizationPolicyChanged: NoticeCause } {
  return {
    organizationPolicyChanged: ({ tables, areas }) => sql`
    select jsonb_build_object('organization', o.name, 'slug', o.slug,
      'organizationUrl', ${new URL(places.before, places.origin).href}::text || o.slug,
      'lacks', to_jsonb(x.lacks), 'secondFactorFrom', ${iso(sql`o.second_factor_from`)},
      'methods', coalesce(to_jsonb(o.allowed_methods), '[]'::jsonb))
    from ${organization.name} o join ${membership.name} m on m.organization_id = o.id,
      lateral (select ${lackedOf(
        { tables, areas },
        {
          needsTwo: sql`o.second_factor_from is not null`,
          methods: sql`o.allowed_methods`,
        },
      )} as lacks) x
    where m.user_id = u.id and o.id = e.organization_id::${tables.idType === 'uuid' ? sql`uuid` : sql`bigint`}
      and o.delete_after is null and cardinality(x.lacks) > 0`,
  }
}
