import {
  logOutUser,
  readSessionOrganization,
  requireOrganizations,
  type SessionOrganization,
  type Unmet,
} from '@sigra/mikro-orm'
import { requireFullSession } from '../guards.ts'
import { landingPath, seeOther, signInPath, sudoPath } from '../redirects.ts'
import { normalisedUrl } from '../request/normalised-url.ts'
import type { Visit } from '../request/visit.ts'
import { runFlow } from '../run-flow.ts'
import { refusedBy } from './refuse.ts'

/** What a member has to do before they work in an organization. */
export interface OrganizationEntrance {
  readonly organization: SessionOrganization['organization']
  readonly unmet: readonly Unmet[]
  /** An owner with two factors changes a policy that nobody meets any more: `updateOrganizationPolicy`. */
  readonly mayChangePolicy: boolean
  /** Where a second factor is asked for, with the way back. */
  readonly secondFactorPath: string
}

/** Where a member is told what the policy of an organization still asks of them. */
export function enterPath({ listPath }: { listPath: string }, slug: string): string {
  return `${listPath}/${slug}/enter`
}

/**
 * @throws {Response} 303 to log-in; to where they were going, or to the organization, for whom nothing is asked any more. 404
 *   for everybody who is no member.
 */
export async function requireEntrance(visit: Visit): Promise<OrganizationEntrance> {
  const { edge, state } = visit
  const session = await requireFullSession(visit)
  const found = readSessionOrganization(session)
  const { session: part, listPath, roles } = requireOrganizations(edge.runtime)
  if (found === null || (part.placeIn?.(state.path) ?? null) === null) throw refusedBy(state, 404)
  const { organization, unmet, role } = found
  const back = wayBack(visit) ?? `${listPath}/${organization.slug}`
  if (unmet.length === 0) throw seeOther(state, back)
  const mayChangePolicy = role === roles.owner && session.aal === 2
  return { organization, unmet, mayChangePolicy, secondFactorPath: sudoPath(edge.settings, back) }
}

/** Ends the session here, and asks for another one, by whatever way the policy takes. */
export async function logInAgain(visit: Visit): Promise<Response> {
  const { edge, state } = visit
  const { organization } = await requireEntrance(visit)
  const { listPath } = requireOrganizations(edge.runtime)
  const back = wayBack(visit) ?? `${listPath}/${organization.slug}`
  await runFlow(visit, logOutUser, true)
  return seeOther(state, signInPath(edge.settings, null, back))
}

function wayBack({ args, edge }: Visit): string | null {
  return landingPath(edge.settings, normalisedUrl(args).searchParams.get('redirectTo'))
}
