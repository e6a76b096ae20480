import { maskEmail, parseMailedToken } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { type Sql, sql } from '../database/sql.ts'
import { databaseNow, inTransaction, statement, type Transaction } from '../database/transaction.ts'
import { inUndoableTransaction } from '../database/undoable.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { chargeMailedLink } from '../limits/charge-mailed-link.ts'
import type { Runtime } from '../runtime.ts'
import { continueSession, SessionOvertaken } from '../sessions/continue-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import {
  findJoinedBefore,
  isNamed,
  isStillOpen,
  joinByInvitation,
  lockOrganizationOf,
} from './join-by-invitation.ts'
import { isOpenInvitation } from './open-invitation.ts'
import { requireOrganizations } from './require-organizations.ts'
import { setActiveOrganization } from './set-active-organization.ts'

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

export const over: InvitationOver = { ok: false, reason: 'invalid' }

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
    return acceptNamed(runtime, caller, session, isNamed(token))
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
    requireOrganizations(runtime)
    const token = parseMailedToken(runtime.ring, 'invitation', input.token)
    if (!token) return over
    const limited = await chargeMailedLink(runtime, caller)
    if (limited) return limited
    return inTransaction(runtime, (tx) => declineNamed(tx, caller, isNamed(token)))
  },
)

/** @param named Which invitation `i` it is. */
export async function acceptNamed(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  named: Sql,
): Promise<AcceptInvitationResult> {
  return inUndoableTransaction<AcceptInvitationResult, AcceptInvitationResult>(runtime, async (tx, undo) => {
    if (!(await lockOrganizationOf(tx, named))) return over
    const own = await continueSession(tx, session)
    if (own === null) throw new SessionOvertaken()
    const joined = await joinByInvitation(tx, caller, named, own.userId)
    if (joined === 'full') return undo({ ok: false, reason: 'full' })
    if (joined === 'not-theirs')
      return (await findJoinedBefore(tx, named, own.userId)) ?? refuse(await isStillOpen(tx, named))
    await setActiveOrganization(tx, own, joined.organizationId)
    return { ok: true, ...joined }
  })
}

/** @param named Which invitation `i` it is. */
export async function declineNamed(
  tx: Transaction,
  caller: Caller,
  named: Sql,
): Promise<{ ok: true } | InvitationOver> {
  const { tables } = requireOrganizations(tx.runtime)
  const [declined] = await tx.rows<{ id: string; role: string; organizationId: string }>(sql`
    update ${tables.invitation.name} i set declined_at = ${tx.now} from ${tables.organization.name} o
    where ${named} and o.id = i.organization_id and ${isOpenInvitation(tx.now)}
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
}

function refuse(isOpen: boolean): AcceptInvitationResult {
  return isOpen ? { ok: false, reason: 'other-address' } : over
}

function signedIn({ session }: Caller): ResolvedSession | null {
  return session?.awaiting === null ? session : null
}
