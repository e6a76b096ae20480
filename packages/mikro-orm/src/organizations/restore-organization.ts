import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import { type ActingRefused, asMember, forbidden } from './acting-member.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import { requireOrganizations } from './require-organizations.ts'

export type RestoreOrganizationResult =
  | { ok: true; slug: string }
  /** `unknown-organization`: it is due, or not to be deleted any more. */
  | ActingRefused
  | Limited

/**
 * Takes the deletion of an organization back, as long as it is not due, for one of its owners: everything is there as it was,
 * but for the invitations that were open. What the policy asks for holds nobody here.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const restoreOrganization = defineFlow(
  {
    name: 'restoreOrganization',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'organization.change',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    { organizationId }: { organizationId: unknown },
  ): Promise<RestoreOrganizationResult> => {
    const { roles, tables } = requireOrganizations(runtime)
    const session = signedInSessionOf(caller)
    const limited = await chargeOrganizations(runtime, caller, session.userId, 'changes')
    if (limited) return limited
    const asked = { organizationId, permission: null, inSpiteOfPolicy: true, isToBeDeleted: true }
    return asMember<RestoreOrganizationResult>(
      runtime,
      session,
      asked,
      async (tx, { organization, role }) => {
        if (role !== roles.owner) return forbidden
        const { id, slug } = organization
        await tx.rows(sql`update ${tables.organization.name} set delete_after = null where id = ${id}`)
        await recordAuditEvent(tx, caller, {
          action: 'organization.restored',
          outcome: 'success',
          targetId: id,
          organizationId: id,
        })
        return { ok: true, slug }
      },
    )
  },
)
