import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import { type ActingRefused, asMember } from './acting-member.ts'
import { requireOrganizations } from './require-organizations.ts'
import { revokeUnsendable } from './revoke-unsendable.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import { deleteMembership } from './delete-membership.ts'
import type { LastOwner } from './find-member.ts'
import type { TransferOpen } from './open-transfer.ts'

export type LeaveOrganizationResult = { ok: true } | LastOwner | TransferOpen | ActingRefused | Limited

/**
 * Ends one's own membership. The last owner makes somebody else one first; so nobody leaves their personal organization. Who handed it
 * over stays as long as that can be undone. What the
 * policy asks for holds nobody here.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const leaveOrganization = defineFlow(
  {
    name: 'leaveOrganization',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'member.change',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    { organizationId }: { organizationId: unknown },
  ): Promise<LeaveOrganizationResult> => {
    const session = signedInSessionOf(caller)
    const limited = await chargeOrganizations(runtime, caller, session.userId, 'changes')
    if (limited) return limited
    const asked = { organizationId, permission: null, inSpiteOfPolicy: true }
    return asMember<LeaveOrganizationResult>(runtime, session, asked, async (tx, acting) => {
      const kept = await deleteMembership(tx, acting, acting.membershipId)
      if (kept !== null) return kept
      await revokeUnsendable(tx, requireOrganizations(runtime), {
        organizationId: acting.organization.id,
        userId: acting.own.userId,
        role: null,
      })
      await recordAuditEvent(tx, caller, {
        action: 'member.left',
        outcome: 'success',
        subjectId: acting.own.userId,
        targetId: acting.membershipId,
        organizationId: acting.organization.id,
        metadata: { formerRole: acting.role },
      })
      return { ok: true }
    })
  },
)
