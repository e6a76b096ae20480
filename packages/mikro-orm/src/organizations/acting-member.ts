import type { OrganizationPermission } from '@sigra/core'
import { parseId } from '../database/row-id.ts'
import { type Sql, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { inUndoableTransaction } from '../database/undoable.ts'
import type { Runtime } from '../runtime.ts'
import { type ContinuedSession, continueSession, SessionOvertaken } from '../sessions/continue-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { requireOrganizations } from './require-organizations.ts'
import { readUnmet, type Unmet, unmetBy } from './unmet-policy.ts'

/** There is none, it is to be deleted, or whoever asks is no member: one answer for all three. */
export interface UnknownOrganization {
  ok: false
  reason: 'unknown-organization'
}

/** A member whose role does not allow it. */
export interface Forbidden {
  ok: false
  reason: 'forbidden'
}

/** Their session lacks what the policy of the organization asks for. */
export interface PolicyUnmet {
  ok: false
  reason: 'policy-unmet'
}

export type ActingRefused = UnknownOrganization | Forbidden | PolicyUnmet

/** Who acts in an organization in this very transaction, by the rights of now. */
export interface ActingMember {
  own: ContinuedSession
  organization: { id: string; slug: string; isPersonal: boolean }
  membershipId: string
  role: string
  /** What their session lacks of the policy; nothing but for what is done in spite of it. */
  unmet: readonly Unmet[]
}

export const forbidden: Forbidden = { ok: false, reason: 'forbidden' }

export const policyUnmet: PolicyUnmet = { ok: false, reason: 'policy-unmet' }

export const unknownOrganization: UnknownOrganization = { ok: false, reason: 'unknown-organization' }

interface Asked {
  organizationId: unknown
  /** `null`: whatever every member may. */
  permission: OrganizationPermission | null
  /** For what must be possible where nobody meets the policy any more. @default false */
  inSpiteOfPolicy?: boolean
  /** For what is done to an organization that is to be deleted, and is not due yet. @default false */
  isToBeDeleted?: boolean
}

/**
 * Runs `work` for a member of an organization who may do what it does. The organization is locked first, then the user and
 * their session: whatever changes members of an organization comes one after the other, and nobody acts by a role that was
 * taken from them before.
 *
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` for whoever may not continue the session: nothing was done.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function asMember<T, R = never>(
  runtime: Runtime,
  session: ResolvedSession,
  { organizationId, permission, inSpiteOfPolicy = false, isToBeDeleted = false }: Asked,
  work: (tx: Transaction, acting: ActingMember, undo: (result: R) => never) => Promise<T>,
): Promise<T | R | ActingRefused> {
  const id = parseId(runtime.tables, organizationId)
  return inUndoableTransaction<T | ActingRefused, R>(runtime, async (tx, undo) => {
    const organization = id && (await lockOrganization(tx, id, isToBeDeleted))
    const own = await continueSession(tx, session)
    if (own === null) throw new SessionOvertaken()
    const membership = organization && (await findMembership(tx, organization.id, own))
    if (!organization || !membership) return unknownOrganization
    const unmet = readUnmet(membership.unmet)
    if (unmet.length > 0 && !inSpiteOfPolicy) return policyUnmet
    const { roles } = requireOrganizations(runtime)
    if (permission !== null && !roles.permissionsOf(membership.role).has(permission)) return forbidden
    const { id: membershipId, role } = membership
    return work(tx, { own, organization, membershipId, role, unmet }, undo)
  })
}

async function lockOrganization(
  tx: Transaction,
  id: Sql,
  isToBeDeleted: boolean,
): Promise<ActingMember['organization'] | null> {
  const { organization } = requireOrganizations(tx.runtime).tables
  const [row] = await tx.rows<ActingMember['organization']>(sql`
    select o.id::text as id, o.slug, o.personal_owner_id is not null as "isPersonal"
    from ${organization.name} o
    where o.id = ${id} and ${isToBeDeleted ? sql`o.delete_after > ${tx.now}` : sql`o.delete_after is null`}
    for no key update`)
  return row ?? null
}

interface MembershipRow {
  id: string
  role: string
  unmet: string[]
}

async function findMembership(
  tx: Transaction,
  organizationId: string,
  { id, userId }: ContinuedSession,
): Promise<MembershipRow | null> {
  const { membership, organization } = requireOrganizations(tx.runtime).tables
  const [row] = await tx.rows<MembershipRow>(sql`
    select m.id::text as id, m.role, ${unmetBy(tx.now)} as unmet
    from ${membership.name} m join ${organization.name} o on o.id = m.organization_id
    join ${tx.tables.userSession.name} s on s.id = ${id}
    where m.user_id = ${userId} and m.organization_id = ${organizationId}`)
  return row ?? null
}
