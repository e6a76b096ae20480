import type { Roles } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { milliseconds, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { createAreaLink } from '../mail/link-mail.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { type ActingMember, type ActingRefused, asMember, forbidden } from './acting-member.ts'
import { canAct } from './another-owner.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import { findMember, type Member, type UnknownMember, unknownMember } from './find-member.ts'
import { isTransferOpen } from './is-transfer-open.ts'
import { findOpenTransfer, type TransferOpen } from './open-transfer.ts'
import { hasMethod, hasSecondFactor } from './policy-means.ts'
import { requireOrganizations } from './require-organizations.ts'
import { revokeUnsendable } from './revoke-unsendable.ts'
import { tellOfTransfer } from './tell-of-transfer.ts'

export type TransferOrganizationResult =
  /** `role`: what whoever handed it over is there now. */
  | { ok: true; undoUntil: Date; role: string }
  /** What was typed is not the slug of the organization. */
  | { ok: false; reason: 'not-the-slug' }
  /** A personal organization stays with its owner. */
  | { ok: false; reason: 'personal' }
  /** They are an owner, or it is whoever asks. */
  | { ok: false; reason: 'owner-already' }
  /** Their address is not proven, their account is disabled or to be deleted, or they lack what the policy asks for. */
  | { ok: false; reason: 'not-ready' }
  /** It was handed over not long ago. */
  | TransferOpen
  | UnknownMember
  | ActingRefused
  | Limited

export interface TransferInput {
  organizationId: unknown
  /** Who gets it. */
  memberId: unknown
  /** The slug of the organization, typed. */
  confirmation: unknown
}

/**
 * Hands an organization over: a member becomes an owner, and the owner who asks gets the role below. Owners are mailed a link that
 * undoes it, for some days. Until then it is neither handed on nor deleted, and whoever handed it over stays a member.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const transferOrganization = defineFlow(
  {
    name: 'transferOrganization',
    principal: 'session',
    changes: true,
    sudo: 'transfer-organization',
    impersonation: 'refused',
    channel: 'organization.change',
  },
  async (
    runtime: Runtime,
    caller: SudoCaller,
    { organizationId, memberId, confirmation }: TransferInput,
  ): Promise<TransferOrganizationResult> => {
    const { roles } = requireOrganizations(runtime)
    const limited = await chargeOrganizations(runtime, caller, caller.session.userId, 'transfers')
    if (limited) return limited
    const asked = { organizationId, permission: 'organization:transfer' } as const
    return asMember<TransferOrganizationResult>(runtime, caller.session, asked, async (tx, acting) => {
      const { organization, own } = acting
      if (acting.role !== roles.owner) return forbidden
      if (organization.isPersonal) return { ok: false, reason: 'personal' }
      if (typeof confirmation !== 'string' || confirmation.trim().toLowerCase() !== organization.slug)
        return { ok: false, reason: 'not-the-slug' }
      const member = await findMember(tx, acting, memberId)
      if (member === null) return unknownMember
      if (member.role === roles.owner) return { ok: false, reason: 'owner-already' }
      if (!(await isReady(tx, member))) return { ok: false, reason: 'not-ready' }
      const { source, token } = createAreaLink(runtime, 'organizationTransferred')
      const undoUntil = await begin(tx, acting, { to: member.userId, hash: token.hash })
      if (undoUntil === null) return refuseOpen(tx, organization.id)
      const role = roleBelow(roles)
      await changePlaces(tx, acting, { receiver: member, role })
      await revokeUnsendable(tx, requireOrganizations(runtime), {
        organizationId: organization.id,
        userId: own.userId,
        role,
      })
      await recordAuditEvent(tx, caller, {
        action: 'organization.transferred',
        outcome: 'success',
        subjectId: member.userId,
        targetId: member.id,
        organizationId: organization.id,
        metadata: { role: roles.owner, formerRole: member.role },
      })
      await tellOfTransfer(tx, organization.id, source)
      return { ok: true, undoUntil, role }
    })
  },
)

/** Of all that is less than an owner's, the role that may most. */
function roleBelow({ ranked, owner, standard }: Roles): string {
  return ranked.find((role) => role !== owner) ?? standard
}

/** Whether a member can be the only owner there is: they can act as one, and the policy would not keep them out. */
async function isReady(tx: Transaction, { id }: Member): Promise<boolean> {
  const { membership, organization } = requireOrganizations(tx.runtime).tables
  const ready = await tx.rows(sql`
    select from ${membership.name} m join ${organization.name} o on o.id = m.organization_id
    join ${tx.tables.user.name} u on u.id = m.user_id
    where m.id = ${id} and u.confirmed_at is not null and ${canAct(tx.now)}
      and (o.second_factor_from is null or ${hasSecondFactor(tx.runtime)})
      and ${hasMethod(tx.runtime, sql`o.allowed_methods`)}`)
  return ready.length > 0
}

/** @returns Until when it can be undone; `null` where the transfer before can be, still. */
async function begin(
  tx: Transaction,
  { organization: { id }, own }: ActingMember,
  { to, hash }: { to: UserId; hash: Uint8Array },
): Promise<Date | null> {
  const { tables, policy } = requireOrganizations(tx.runtime)
  const [row] = await tx.rows<{ until: number }>(sql`
    update ${tables.organization.name} o set transferred_by = ${own.userId}, transferred_to = ${to},
      transfer_hash = ${hash}, transfer_undo_until = ${tx.now} + ${policy.transferUndoDays} * interval '1 day'
    where o.id = ${id} and not ${isTransferOpen(tx.now)}
    returning ${milliseconds(sql`o.transfer_undo_until`)} as until`)
  return row ? new Date(row.until) : null
}

async function refuseOpen(tx: Transaction, organizationId: string): Promise<TransferOpen | UnknownMember> {
  return (await findOpenTransfer(tx, organizationId)) ?? unknownMember
}

/** One statement, which also forgets what a transfer before this one gave: it is final. */
async function changePlaces(
  tx: Transaction,
  { organization, membershipId }: ActingMember,
  { receiver, role }: { receiver: Member; role: string },
): Promise<void> {
  const { tables, roles } = requireOrganizations(tx.runtime)
  await tx.rows(sql`
    update ${tables.membership.name} m
    set role = case m.id when ${receiver.id} then ${roles.owner} when ${membershipId} then ${role} else m.role end,
      role_before = case m.id when ${receiver.id} then m.role end
    where m.organization_id = ${organization.id}
      and (m.id in (${receiver.id}, ${membershipId}) or m.role_before is not null)`)
}
