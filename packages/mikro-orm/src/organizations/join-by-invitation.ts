import type { MailedToken } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { type Sql, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { REPEAT_SECONDS } from '../tokens/repeat-seconds.ts'
import { tellUser } from '../mail/tell-user.ts'
import type { UserId } from '../user-id.ts'
import { insertMember } from './insert-member.ts'
import { BY_ADDRESS } from './lose-memberships.ts'
import { isOpenInvitation } from './open-invitation.ts'
import { requireOrganizations } from './require-organizations.ts'

/** Where somebody is a member by now. */
export interface Joined {
  organizationId: string
  slug: string
}

interface Accepted extends Joined {
  id: string
  invitedBy: string | null
  role: string
}

/** Whether an invitation `i` is the one of a link. */
export function isNamed({ selector, hash }: MailedToken): Sql {
  return sql`(i.selector = ${selector} and i.token_hash = ${hash})`
}

/** Organizations before users, as everything does that changes members. */
export async function lockOrganizationOf(tx: Transaction, named: Sql): Promise<boolean> {
  const { tables } = requireOrganizations(tx.runtime)
  const locked = await tx.rows(sql`
    select from ${tables.organization.name} o
    where o.id = (select i.organization_id from ${tables.invitation.name} i where ${named}) for no key update`)
  return locked.length > 0
}

/**
 * Uses an open invitation up for the account that has proven its address, under the organization's lock, and makes a member
 * of whom it is for. Who is one already keeps their role.
 *
 * @param named Which invitation `i` it is.
 * @returns `not-theirs`: it is over, or it is another address's. `full`: no seat is left; undo what was done.
 */
export async function joinByInvitation(
  tx: Transaction,
  caller: Caller,
  named: Sql,
  userId: UserId,
): Promise<Joined | 'not-theirs' | 'full'> {
  const accepted = await accept(tx, named, userId)
  if (accepted === null) return 'not-theirs'
  const { id, role, organizationId, slug } = accepted
  const memberId = await join(tx, accepted, userId)
  if (memberId === 'full') return 'full'
  const line = { outcome: 'success', actorId: userId, subjectId: userId, organizationId } as const
  const metadata = { role }
  await recordAuditEvent(tx, caller, { action: 'invitation.accepted', targetId: id, metadata, ...line })
  if (memberId !== null) {
    const by = { ...metadata, method: BY_ADDRESS.invitation }
    const added = { action: 'member.added', targetId: memberId, metadata: by, ...line } as const
    const eventId = await recordAuditEvent(tx, caller, added)
    await tellUser(tx, 'memberAdded', { userId, eventId })
  }
  return { organizationId, slug }
}

/** One press can be two requests: where the first has just made somebody a member, the second is answered as it was. */
export async function findJoinedBefore(
  tx: Transaction,
  named: Sql,
  userId: UserId,
): Promise<({ ok: true } & Joined) | null> {
  const { tables } = requireOrganizations(tx.runtime)
  const [row] = await tx.rows<Joined>(sql`
    select o.id::text as "organizationId", o.slug
    from ${tables.invitation.name} i join ${tables.organization.name} o on o.id = i.organization_id
    join ${tables.membership.name} m on m.organization_id = o.id and m.user_id = i.accepted_by_id
    where ${named} and i.accepted_by_id = ${userId} and o.delete_after is null
      and i.accepted_at > ${tx.now} - ${REPEAT_SECONDS} * interval '1 second'`)
  return row ? { ok: true, ...row } : null
}

export async function isStillOpen(tx: Transaction, named: Sql): Promise<boolean> {
  const { tables } = requireOrganizations(tx.runtime)
  const open = await tx.rows(sql`
    select from ${tables.invitation.name} i join ${tables.organization.name} o on o.id = i.organization_id
    where ${named} and ${isOpenInvitation(tx.now)}`)
  return open.length > 0
}

async function accept(tx: Transaction, named: Sql, userId: UserId): Promise<Accepted | null> {
  const { tables } = requireOrganizations(tx.runtime)
  const [row] = await tx.rows<Accepted>(sql`
    update ${tables.invitation.name} i set accepted_at = ${tx.now}, accepted_by_id = u.id
    from ${tables.organization.name} o, ${tx.tables.user.name} u
    where ${named} and o.id = i.organization_id and ${isOpenInvitation(tx.now)}
      and u.id = ${userId} and u.email_canonical = i.email_canonical and u.confirmed_at is not null
    returning i.id::text as id, i.role, o.id::text as "organizationId", o.slug, i.invited_by_id::text as "invitedBy"`)
  return row ?? null
}

/** @returns Their membership's id; `null` for who is a member already. Nothing keeps them away any more. */
async function join(
  tx: Transaction,
  { organizationId, role, invitedBy }: Accepted,
  userId: UserId,
): Promise<string | null | 'full'> {
  const { tables, roles } = requireOrganizations(tx.runtime)
  const { membership, exclusion } = tables
  // Whom the receiver of a transfer makes an owner is one as long as they are.
  const roleBefore = sql`case when ${role === roles.owner} and exists (select from ${membership.name} b
    where b.organization_id = o.id and b.user_id::text = ${invitedBy}::text and b.role_before is not null) then ${roles.standard} end`
  await tx.rows(
    sql`delete from ${exclusion.name} where user_id = ${userId} and organization_id = ${organizationId}`,
  )
  return insertMember(tx, { organizationId, userId, role, roleBefore })
}
