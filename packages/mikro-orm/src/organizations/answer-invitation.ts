import { maskEmail, type MailedToken, parseMailedToken } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { databaseNow, inTransaction, newId, statement, type Transaction } from '../database/transaction.ts'
import { inUndoableTransaction } from '../database/undoable.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { chargeMailedLink } from '../limits/charge-mailed-link.ts'
import type { Runtime } from '../runtime.ts'
import { continueSession, SessionOvertaken } from '../sessions/continue-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import type { UserId } from '../user-id.ts'
import { isOpenInvitation } from './open-invitation.ts'
import { requireOrganizations } from './require-organizations.ts'
import { setActiveOrganization } from './set-active-organization.ts'
import { tellMember } from './tell-member.ts'

/** What the page of an invitation says before anybody presses a button. */
export interface InvitationPage {
  organization: string
  role: string
  maskedEmail: string
  /**
   * `yours`: whoever is signed in has proven the address. `other`: they have another one. `signed-out`: nobody is signed in, whether
   * or not the address has an account.
   */
  reader: 'yours' | 'other' | 'signed-out'
}

export interface InvitationOver {
  ok: false
  /** Answered, taken back, sent anew, too old, or its organization is to be deleted: one answer. */
  reason: 'invalid'
}

export type AcceptInvitationResult =
  | { ok: true; organizationId: string; slug: string }
  | InvitationOver
  /** Nobody is signed in. */
  | { ok: false; reason: 'signed-out' }
  /** Whoever is signed in has another address, or has not proven theirs: they are not joined. */
  | { ok: false; reason: 'other-address' }
  /** No seat is left. */
  | { ok: false; reason: 'full' }
  | Limited

const over: InvitationOver = { ok: false, reason: 'invalid' }

/**
 * What an invitation is to. Changes nothing: mail scanners open links.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const getInvitationByToken = defineFlow(
  {
    name: 'getInvitationByToken',
    principal: 'mail',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller, token: unknown): Promise<InvitationPage | null> => {
    const { tables } = requireOrganizations(runtime)
    const parsed = parseMailedToken(runtime.ring, 'invitation', token)
    if (!parsed) return null
    const session = signedIn(caller)
    const [found] = await statement<{ organization: string; role: string; email: string; isYours: boolean }>(
      runtime,
      sql`
      select o.name as organization, i.role, i.email, exists (select from ${runtime.tables.user.name} u
        where u.id = ${session?.userId ?? null} and u.email_canonical = i.email_canonical and u.confirmed_at is not null) as "isYours"
      from ${tables.invitation.name} i join ${tables.organization.name} o on o.id = i.organization_id
      where ${isNamed(parsed)} and ${isOpenInvitation(databaseNow(runtime))}`,
    )
    if (!found) return null
    const { organization, role, email, isYours } = found
    const reader = session === null ? 'signed-out' : isYours ? 'yours' : 'other'
    return { organization, role, maskedEmail: maskEmail(email), reader }
  },
)

/**
 * Joins an organization by the link of an invitation: whoever is signed in and has proven the very address that was invited, and
 * nobody else, however they came by the link. What was sent anew, taken back, answered or has expired joins nobody, and the last
 * seat goes to one.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const acceptInvitation = defineFlow(
  {
    name: 'acceptInvitation',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'invitation.accept',
  },
  async (runtime: Runtime, caller: Caller, input: { token: unknown }): Promise<AcceptInvitationResult> => {
    requireOrganizations(runtime)
    const token = parseMailedToken(runtime.ring, 'invitation', input.token)
    if (!token) return over
    const limited = await chargeMailedLink(runtime, caller)
    if (limited) return limited
    const session = signedIn(caller)
    if (session === null) return { ok: false, reason: 'signed-out' }
    return inUndoableTransaction<AcceptInvitationResult, AcceptInvitationResult>(
      runtime,
      async (tx, undo) => {
        if (!(await lockOrganizationOf(tx, token))) return over
        const own = await continueSession(tx, session)
        if (own === null) throw new SessionOvertaken()
        const accepted = await accept(tx, token, own.userId)
        if (accepted === null)
          return (await isStillOpen(tx, token)) ? { ok: false, reason: 'other-address' } : over
        const { id, role, organizationId, slug } = accepted
        const subjectId = own.userId
        const memberId = await join(tx, accepted, own.userId)
        if (memberId === 'full') return undo({ ok: false, reason: 'full' })
        await setActiveOrganization(tx, own, organizationId)
        const line = { outcome: 'success', subjectId, organizationId } as const
        await recordAuditEvent(tx, caller, {
          action: 'invitation.accepted',
          targetId: id,
          metadata: { role },
          ...line,
        })
        if (memberId !== null) {
          const added = { action: 'member.added', targetId: memberId, metadata: { role }, ...line } as const
          await tellMember(tx, 'memberAdded', own, await recordAuditEvent(tx, caller, added))
        }
        return { ok: true, organizationId, slug }
      },
    )
  },
)

/**
 * Says no by the link of an invitation, signed in or not: whoever reads the mailbox may. They are not asked again for a while.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const declineInvitation = defineFlow(
  {
    name: 'declineInvitation',
    principal: 'mail',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'invitation.accept',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { token: unknown },
  ): Promise<{ ok: true } | InvitationOver | Limited> => {
    const { tables } = requireOrganizations(runtime)
    const token = parseMailedToken(runtime.ring, 'invitation', input.token)
    if (!token) return over
    const limited = await chargeMailedLink(runtime, caller)
    if (limited) return limited
    return inTransaction<{ ok: true } | InvitationOver>(runtime, async (tx) => {
      const [declined] = await tx.rows<{ id: string; role: string; organizationId: string }>(sql`
        update ${tables.invitation.name} i set declined_at = ${tx.now} from ${tables.organization.name} o
        where ${isNamed(token)} and o.id = i.organization_id and ${isOpenInvitation(tx.now)}
        returning i.id::text as id, i.role, o.id::text as "organizationId"`)
      if (!declined) return over
      await recordAuditEvent(tx, caller, {
        action: 'invitation.declined',
        outcome: 'success',
        targetId: declined.id,
        organizationId: declined.organizationId,
        metadata: { role: declined.role },
      })
      return { ok: true }
    })
  },
)

interface Accepted {
  id: string
  invitedBy: string | null
  role: string
  organizationId: string
  slug: string
}

function signedIn({ session }: Caller): ResolvedSession | null {
  return session?.awaiting === null ? session : null
}

function isNamed({ selector, hash }: MailedToken) {
  return sql`(i.selector = ${selector} and i.token_hash = ${hash})`
}

/** Organizations before users, as everything does that changes members. */
async function lockOrganizationOf(tx: Transaction, token: MailedToken): Promise<boolean> {
  const { tables } = requireOrganizations(tx.runtime)
  const locked = await tx.rows(sql`
    select from ${tables.organization.name} o
    where o.id = (select i.organization_id from ${tables.invitation.name} i where ${isNamed(token)}) for no key update`)
  return locked.length > 0
}

async function accept(tx: Transaction, token: MailedToken, userId: UserId): Promise<Accepted | null> {
  const { tables } = requireOrganizations(tx.runtime)
  const [row] = await tx.rows<Accepted>(sql`
    update ${tables.invitation.name} i set accepted_at = ${tx.now}, accepted_by_id = u.id
    from ${tables.organization.name} o, ${tx.tables.user.name} u
    where ${isNamed(token)} and o.id = i.organization_id and ${isOpenInvitation(tx.now)}
      and u.id = ${userId} and u.email_canonical = i.email_canonical and u.confirmed_at is not null
    returning i.id::text as id, i.role, o.id::text as "organizationId", o.slug, i.invited_by_id::text as "invitedBy"`)
  return row ?? null
}

async function isStillOpen(tx: Transaction, token: MailedToken): Promise<boolean> {
  const { tables } = requireOrganizations(tx.runtime)
  const open = await tx.rows(sql`
    select from ${tables.invitation.name} i join ${tables.organization.name} o on o.id = i.organization_id
    where ${isNamed(token)} and ${isOpenInvitation(tx.now)}`)
  return open.length > 0
}

/**
 * The membership, under the organization's lock, and nothing that kept them away any more.
 *
 * @returns Its id; `null` for who is a member already, whose role stays as it is.
 */
async function join(
  tx: Transaction,
  { organizationId, role, invitedBy }: Accepted,
  userId: UserId,
): Promise<string | null | 'full'> {
  const { tables, roles } = requireOrganizations(tx.runtime)
  const { membership, organization, exclusion } = tables
  // Whom the receiver of a transfer makes an owner is one as long as they are.
  const roleBefore = sql`case when ${role === roles.owner} and exists (select from ${membership.name} b
    where b.organization_id = o.id and b.user_id::text = ${invitedBy}::text and b.role_before is not null) then ${roles.standard} end`
  await tx.rows(
    sql`delete from ${exclusion.name} where user_id = ${userId} and organization_id = ${organizationId}`,
  )
  const present = await tx.rows(
    sql`select from ${membership.name} where user_id = ${userId} and organization_id = ${organizationId}`,
  )
  if (present.length > 0) return null
  const [row] = await tx.rows<{ id: string }>(sql`
    insert into ${membership.name} (id, organization_id, user_id, role, role_before, last_used_at, created_at)
    select ${newId(tx, membership)}, o.id, ${userId}, ${role}, ${roleBefore}, t.now, t.now
    from ${organization.name} o, (select ${tx.now} as now) t
    where o.id = ${organizationId} and (o.seat_limit is null
      or o.seat_limit > (select count(*) from ${membership.name} m where m.organization_id = o.id))
    returning id::text as id`)
  return row?.id ?? 'full'
}
