import { Impossible } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { iso, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { tellUser } from '../mail/tell-user.ts'
import type { Runtime } from '../runtime.ts'
import { type ActingRefused, asMember } from './acting-member.ts'
import { chargeOrganizations, giveBackOrganizations } from './charge-organizations.ts'
import { isUnanswered } from './open-invitation.ts'
import { findOpenTransfer, type TransferOpen } from './open-transfer.ts'
import { requireOrganizations } from './require-organizations.ts'
import { tellMembers } from './tell-members.ts'

export type ScheduleOrganizationDeletionResult =
  | {
      ok: true
      /** From when on it is due. Until then an owner can restore it. */
      deleteAfter: Date
    }
  /** What was typed is not its slug. */
  | { ok: false; reason: 'not-the-slug' }
  /** A personal one goes with the account of its owner. */
  | { ok: false; reason: 'personal' }
  /** It was handed over not long ago: whoever gets it back must find it. */
  | TransferOpen
  | ActingRefused
  | Limited

/**
 * Asks for the deletion of an organization, for whoever types its slug. From the next request on it is nobody's: its pages are
 * not there, its invitations are taken back, and its members are told by email. Nothing is deleted before the grace is over, and until then an owner restores it.
 *
 * @param input `confirmation`: its slug.
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const scheduleOrganizationDeletion = defineFlow(
  {
    name: 'scheduleOrganizationDeletion',
    principal: 'session',
    changes: true,
    sudo: 'delete-organization',
    impersonation: 'refused',
    channel: 'organization.change',
  },
  async (
    runtime: Runtime,
    caller: SudoCaller,
    { organizationId, confirmation }: { organizationId: unknown; confirmation: unknown },
  ): Promise<ScheduleOrganizationDeletionResult> => {
    const { userId } = caller.session
    const limited =
      (await chargeOrganizations(runtime, caller, userId, 'changes')) ??
      (await chargeOrganizations(runtime, caller, userId, 'deletions'))
    if (limited) return limited
    const asked = { organizationId, permission: 'organization:delete' } as const
    type Result = ScheduleOrganizationDeletionResult
    const result = await asMember<Result>(
      runtime,
      caller.session,
      asked,
      async (tx, { organization, own }) => {
        const { id, slug, isPersonal } = organization
        if (isPersonal) return { ok: false, reason: 'personal' }
        if (typeof confirmation !== 'string' || confirmation.trim().toLowerCase() !== slug)
          return { ok: false, reason: 'not-the-slug' }
        const open = await findOpenTransfer(tx, id)
        if (open !== null) return open
        const deleteAfter = await schedule(tx, id)
        const eventId = await recordAuditEvent(tx, caller, {
          action: 'organization.deletion_scheduled',
          outcome: 'success',
          subjectId: own.userId,
          targetId: id,
          organizationId: id,
          metadata: { slug, deleteAfter },
        })
        await tellUser(tx, 'organizationDeletionScheduled', { userId: own.userId, eventId })
        await tellMembers(tx, 'organizationToBeDeleted', {
          organizationId: id,
          eventId,
          which: sql`u.id <> ${own.userId}`,
        })
        return { ok: true, deleteAfter: new Date(deleteAfter) }
      },
    )
    // A slug that was mistyped is one of many changes, and none of the few deletions of a day.
    if (!result.ok) await giveBackOrganizations(runtime, userId, 'deletions')
    return result
  },
)

/** Whoever was invited is not any more, also where it is restored: invitations are closed with what they were to. */
async function schedule(tx: Transaction, id: string): Promise<string> {
  const { tables, policy } = requireOrganizations(tx.runtime)
  await tx.rows(sql`
    update ${tables.invitation.name} set revoked_at = ${tx.now} where organization_id = ${id} and ${isUnanswered}`)
  const [row] = await tx.rows<{ deleteAfter: string }>(sql`
    update ${tables.organization.name} o
    set delete_after = ${tx.now} + ${policy.deletionDays * 24 * 60} * interval '1 minute'
    where o.id = ${id} returning ${iso(sql`o.delete_after`)} as "deleteAfter"`)
  if (!row) throw new Impossible('an organization that is locked is there')
  return row.deleteAfter
}
