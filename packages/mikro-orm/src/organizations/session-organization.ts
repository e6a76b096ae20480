import { isOrganizationSlug, reservedSlugs } from '@sigra/core'
import { routedWithin } from './organization-paths.ts'
import { type Sql, sql } from '../database/sql.ts'
import type { NewSessionColumn, SessionPart } from '../areas/session-part.ts'
import type { Companion } from '../door/companion.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { organizations } from './area.ts'
import type { OrganizationTables } from './organization-tables.ts'
import { readUnmet, type Unmet, unmetBy } from './unmet-policy.ts'
import { setActiveOrganization } from './set-active-organization.ts'

/** The organization of a request, as the session statement found it, and what its user is there. */
export interface SessionOrganization {
  organization: { id: string; slug: string; name: string; isPersonal: boolean }
  membershipId: string
  role: string
  /** What the session lacks of the organization's policy. */
  unmet: readonly Unmet[]
}

/** No organization has it, so that nobody is a member of it. */
const NO_SLUG = ''

/**
 * The organization that the path of a request names, or, where it names none, the one that the session is at work in: with
 * the role that its user has there now. Of one that they are no member of nothing is read, not even its name.
 */
export function sessionOrganization(
  { organization, membership }: OrganizationTables,
  named: { paths: readonly string[]; reservedSlugs: readonly string[] },
): SessionPart {
  const reserved = new Set<string>([...reservedSlugs, ...named.reservedSlugs])
  return {
    placeIn(path) {
      if (path === null) return NO_SLUG
      const segment = routedWithin(named.paths, path)
      if (segment === null || reserved.has(segment)) return null
      return isOrganizationSlug(segment) ? segment : NO_SLUG
    },
    read: (slug, now) => ({
      joins: sql`left join (${membership.name} m join ${organization.name} o on o.id = m.organization_id and o.delete_after is null)
        on m.user_id = u.id and ${isMeant(slug)}`,
      columns: {
        id: sql`o.id::text`,
        slug: sql`o.slug`,
        name: sql`o.name`,
        isPersonal: sql`o.personal_owner_id is not null`,
        membershipId: sql`m.id::text`,
        role: sql`m.role`,
        unmet: unmetBy(now),
      },
    }),
  }
}

/** As text: the column holds ids of either kind. Of a user's few memberships one is compared with it. */
function isMeant(slug: Sql | null): Sql {
  return slug === null ? sql`m.organization_id::text = s.active_organization_id` : sql`o.slug = ${slug}`
}

/** `null` where there is none that the user is a member of. */
export function readSessionOrganization({
  areas,
}: Pick<ResolvedSession, 'areas'>): SessionOrganization | null {
  const { id, slug, name, isPersonal, membershipId, role, unmet } = areas[organizations.name] ?? {}
  const isThere = typeof id === 'string' && typeof slug === 'string' && typeof name === 'string'
  if (!isThere || typeof membershipId !== 'string' || typeof role !== 'string') return null
  const organization = { id, slug, name, isPersonal: isPersonal === true }
  return { organization, membershipId, role, unmet: readUnmet(unmet) }
}

/** The active organization goes along where a session is made in the place of another. */
export const activeOrganization: Companion = {
  name: 'active-organization',
  taken: sql`to_jsonb(s.active_organization_id)`,
  put: (tx, id, taken) => setActiveOrganization(tx, { id }, String(taken)),
}

/**
 * A new session begins in the organization whose page it goes on to, else in the one that its user chose last, else in their
 * personal one, else in the oldest.
 */
export function firstOrganization(
  { organization, membership }: OrganizationTables,
  { placeIn }: SessionPart,
): NewSessionColumn {
  return {
    column: 'active_organization_id',
    value: (userId, landing) => sql`(
      select m.organization_id::text from ${membership.name} m join ${organization.name} o on o.id = m.organization_id
      where m.user_id = ${userId} and o.delete_after is null
      order by o.slug = ${placeIn?.(landing === null ? '/' : routed(landing)) ?? NO_SLUG} desc, m.last_used_at desc nulls last,
        o.personal_owner_id is null, m.id
      limit 1)`,
  }
}

/** A path as a router matches it; `null` for one that cannot be read. */
function routed(landing: string): string | null {
  try {
    return decodeURIComponent(new URL(landing, 'https://app.invalid').pathname).toLowerCase()
  } catch {
    return null
  }
}
