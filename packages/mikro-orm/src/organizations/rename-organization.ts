import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import { type ActingRefused, asMember } from './acting-member.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import { parseOrganizationName } from './organization-name.ts'
import { requireOrganizations } from './require-organizations.ts'

export type RenameOrganizationResult =
  | { ok: true; name: string }
  /** Nothing to read, too long, or a link. */
  | { ok: false; reason: 'bad-name' }
  | ActingRefused
  | Limited

/**
 * Gives an organization another name. Its slug stays.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const renameOrganization = defineFlow(
  {
    name: 'renameOrganization',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'organization.change',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    { organizationId, ...input }: { organizationId: unknown; name: unknown },
  ): Promise<RenameOrganizationResult> => {
    const { organization: table } = requireOrganizations(runtime).tables
    const session = signedInSessionOf(caller)
    const limited = await chargeOrganizations(runtime, caller, session.userId, 'changes')
    if (limited) return limited
    const asked = { organizationId, permission: 'organization:update' } as const
    return asMember<RenameOrganizationResult>(
      runtime,
      session,
      asked,
      async (tx, { organization: { id } }) => {
        const name = parseOrganizationName(input.name)
        if (name === null) return { ok: false, reason: 'bad-name' }
        await tx.rows(sql`update ${table.name} set name = ${name} where id = ${id}`)
        await recordAuditEvent(tx, caller, {
          action: 'organization.renamed',
          outcome: 'success',
          targetId: id,
          organizationId: id,
        })
        return { ok: true, name }
      },
    )
  },
)
