import {
  findPresentSlug,
  principalOf,
  readSessionOrganization,
  replaceSlug,
  requireOrganizations,
  type ResolvedSession,
  type SessionOrganization,
} from '@sigra/mikro-orm'
import { findFullSession, requireFullSession } from '../guards.ts'
import { landingPath, localPath, seeOther } from '../redirects.ts'
import { normalisedUrl } from '../request/normalised-url.ts'
import { runFlow } from '../run-flow.ts'
import type { Visit } from '../request/visit.ts'
import { enterPath } from './enter.ts'
import { refusedBy } from './refuse.ts'
import { createScope, type OrganizationScope } from './scope.ts'

/** What a form says about the page that it stood on. */
export interface Shown {
  /**
   * The id of the organization that the page showed, as its form posts it. Where the path names no organization, a form without
   * it is refused: the person may have gone on in another one in another tab.
   */
  shown?: unknown
}

/** The organization of a request, where whoever is signed in is a member of it and meets its policy. */
export async function findScope(visit: Visit): Promise<OrganizationScope | null> {
  const session = await findFullSession(visit)
  return session && scopeOf(visit, session)
}

/**
 * @throws {Response} 303 to log-in; to the list of organizations where neither the path nor the session names one. 302 where
 *   the path has a former slug. 303 to `…/enter` where the session does not meet the policy. 404 for everybody who is no member, and for what does not exist, alike. 409 where the form
 *   stood on a page of another one.
 */
export async function requireScope(visit: Visit, shown?: Shown): Promise<OrganizationScope> {
  const { session, found } = await requireMembership(visit, shown)
  if (found.unmet.length > 0) throw sendToEnter(visit, found)
  const scope = scopeOf(visit, session)
  if (scope === null) throw refusedBy(visit.state, 404)
  return scope
}

/** A member, also one whom the policy holds back: for what must be possible all the same, such as leaving. */
export async function requireMembership(
  visit: Visit,
  { shown }: Shown = {},
): Promise<{ session: ResolvedSession; found: SessionOrganization }> {
  const session = await requireFullSession(visit)
  const place = placeOf(visit)
  const found = readSessionOrganization(session)
  if (found === null) throw await turnAway(visit, place)
  const isForm = !isReading(visit)
  const isOther = shown === undefined ? isForm && place === null : shown !== found.organization.id
  if (isOther) throw refusedBy(visit.state, 409)
  return { session, found }
}

/** @throws {Response} As `requireScope`, and 403 for a member whose role does not allow it. */
export async function requirePermission(
  visit: Visit,
  permission: string,
  shown?: Shown,
): Promise<OrganizationScope> {
  const scope = await requireScope(visit, shown)
  if (!scope.permissions.has(permission)) throw refusedBy(visit.state, 403)
  return scope
}

function scopeOf({ edge }: Visit, session: ResolvedSession): OrganizationScope | null {
  const found = readSessionOrganization(session)
  const principal = principalOf(session)
  if (found === null || principal === null || found.unmet.length > 0) return null
  const { organization, role } = found
  return createScope({
    principal: { ...principal, organizationId: organization.id },
    organization,
    role,
    permissions: requireOrganizations(edge.runtime).roles.permissionsOf(role),
  })
}

/** To where a member is told what the policy still asks of them, and back. */
function sendToEnter({ edge, state, args }: Visit, { organization }: SessionOrganization): Response {
  const { pathname, search } = normalisedUrl(args)
  const path = enterPath(requireOrganizations(edge.runtime), organization.slug)
  const back = landingPath(edge.settings, pathname + search)
  return seeOther(state, back === null ? path : `${path}?${new URLSearchParams({ redirectTo: back })}`)
}

async function turnAway(visit: Visit, place: string | null): Promise<Response> {
  const { edge, state, args } = visit
  const { listPath, paths } = requireOrganizations(edge.runtime)
  if (place === null) return seeOther(state, listPath)
  const present = isReading(visit)
    ? await runFlow(visit, (rt, caller) => findPresentSlug(rt, caller, place), false)
    : null
  if (present === null) return refusedBy(state, 404)
  const { pathname, search } = normalisedUrl(args)
  const path = localPath(edge.settings, replaceSlug(paths, pathname, present) + search)
  return new Response(null, { status: 302, headers: { Location: path, 'Cache-Control': 'no-store' } })
}

/** What the path names. It decides, whatever a body says and wherever the session is at work. */
function placeOf({ edge, state }: Visit): string | null {
  const { session } = requireOrganizations(edge.runtime)
  return session.placeIn?.(state.path) ?? null
}

function isReading({ args }: Visit): boolean {
  return args.request.method === 'GET' || args.request.method === 'HEAD'
}
