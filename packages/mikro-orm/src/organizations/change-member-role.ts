import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { tellUser } from '../mail/tell-user.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import { requireFreshSudo } from '../sudo/sudo-session.ts'
import { type ActingMember, type ActingRefused, asMember, forbidden } from './acting-member.ts'
import { mayGiveUp } from './another-owner.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import { findMember, type LastOwner, lastOwner, type UnknownMember, unknownMember } from './find-member.ts'
import { revokeUnsendable } from './revoke-unsendable.ts'
import { requireOrganizations } from './require-organizations.ts'

export type ChangeMemberRoleResult =
  | { ok: true; role: string }
  | { ok: false; reason: 'unknown-role' }
  | UnknownMember
  | LastOwner
  | ActingRefused
  | Limited

/**
 * Gives a member another role. Nobody gives a role, or takes one, that may what they themselves may not; owners are made and
 * unmade by owners, and made with a fresh sudo. It holds from the member's next request on.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait, and to make somebody an owner without a
 *   fresh sudo.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const changeMemberRole = defineFlow(
  {
    name: 'changeMemberRole',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'member.change',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    { organizationId, ...input }: { organizationId: unknown; memberId: unknown; role: unknown },
  ): Promise<ChangeMemberRoleResult> => {
    const { roles } = requireOrganizations(runtime)
    const session = signedInSessionOf(caller)
    const role = roles.parse(input.role)
    if (role === roles.owner) requireFreshSudo(session, 'make-organization-owner')
    const limited = await chargeOrganizations(runtime, caller, session.userId, 'changes')
    if (limited) return limited
    if (role === null) return { ok: false, reason: 'unknown-role' }
    const asked = { organizationId, permission: 'members:update' } as const
    return asMember<ChangeMemberRoleResult>(runtime, session, asked, async (tx, acting) => {
      const member = await findMember(tx, acting, input.memberId)
      if (member === null) return unknownMember
      const mayChange = roles.mayGive(acting.role, role) && roles.mayGive(acting.role, member.role)
      if (!mayChange) return forbidden
      if (role === member.role) return { ok: true, role }
      if (!(await putRole(tx, acting, member.id, role))) return lastOwner
      const eventId = await recordAuditEvent(tx, caller, {
        action: 'member.role_changed',
        outcome: 'success',
        subjectId: member.userId,
        targetId: member.id,
        organizationId: acting.organization.id,
        metadata: { role, formerRole: member.role },
      })
      await revokeUnsendable(tx, requireOrganizations(runtime), {
        organizationId: acting.organization.id,
        userId: member.userId,
        role,
      })
      await tellUser(tx, 'memberRoleChanged', { userId: member.userId, eventId })
      return { ok: true, role }
    })
  },
)

/** Whom the receiver of a transfer makes an owner is one as long as they are: an undone transfer takes it from both. */
async function putRole(
  tx: Transaction,
  { membershipId }: ActingMember,
  memberId: string,
  role: string,
): Promise<boolean> {
  const area = requireOrganizations(tx.runtime)
  const changed = await tx.rows(sql`
    update ${area.tables.membership.name} m set role = ${role}, role_before = case when ${role === area.roles.owner}
      and exists (select from ${area.tables.membership.name} a where a.id = ${membershipId} and a.role_before is not null)
      then m.role end
    where m.id = ${memberId} and ${mayGiveUp(tx, area)}
    returning 1`)
  return changed.length > 0
}
