import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { tellUser } from '../mail/tell-user.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import type { UserId } from '../user-id.ts'
import { type ActingRefused, asMember, forbidden } from './acting-member.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import { deleteMembership } from './delete-membership.ts'
import { findMember, type LastOwner, type UnknownMember, unknownMember } from './find-member.ts'
import type { TransferOpen } from './open-transfer.ts'
import { revokeUnsendable } from './revoke-unsendable.ts'
import { requireOrganizations } from './require-organizations.ts'

export type RemoveMemberResult =
  { ok: true } | UnknownMember | LastOwner | TransferOpen | ActingRefused | Limited

/**
 * Ends somebody's membership: from their next request on they see nothing of the organization. Nobody removes whose role
 * they could not give; whoever goes by themselves leaves (`leaveOrganization`).
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const removeMember = defineFlow(
  {
    name: 'removeMember',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'member.change',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    { organizationId, memberId }: { organizationId: unknown; memberId: unknown },
  ): Promise<RemoveMemberResult> => {
    const { roles } = requireOrganizations(runtime)
    const session = signedInSessionOf(caller)
    const limited = await chargeOrganizations(runtime, caller, session.userId, 'changes')
    if (limited) return limited
    const asked = { organizationId, permission: 'members:remove' } as const
    return asMember<RemoveMemberResult>(runtime, session, asked, async (tx, acting) => {
      const member = await findMember(tx, acting, memberId)
      if (member === null) return unknownMember
      if (member.id === acting.membershipId || !roles.mayGive(acting.role, member.role)) return forbidden
      const kept = await deleteMembership(tx, acting, member.id)
      if (kept !== null) return kept
      await revokeUnsendable(tx, requireOrganizations(runtime), {
        organizationId: acting.organization.id,
        userId: member.userId,
        role: null,
      })
      await exclude(tx, acting.organization.id, member.userId)
      const eventId = await recordAuditEvent(tx, caller, {
        action: 'member.removed',
        outcome: 'success',
        subjectId: member.userId,
        targetId: member.id,
        organizationId: acting.organization.id,
        metadata: { formerRole: member.role },
      })
      await tellUser(tx, 'memberRemoved', { userId: member.userId, eventId })
      return { ok: true }
    })
  },
)

/** Only an invitation brings them back: neither the domain of their address nor a link that is still around. */
async function exclude(tx: Transaction, organizationId: string, userId: UserId): Promise<void> {
  const { exclusion } = requireOrganizations(tx.runtime).tables
  await tx.rows(sql`
    insert into ${exclusion.name} (id, organization_id, user_id, excluded_at)
    values (${newId(tx, exclusion)}, ${organizationId}, ${userId}, ${tx.now})
    on conflict (user_id, organization_id) do update set excluded_at = excluded.excluded_at`)
}
