import { isOrganizationSlug } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import type { UnknownOrganization } from './acting-member.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import { requireOrganizations } from './require-organizations.ts'
import { setActiveOrganization } from './set-active-organization.ts'

export type SwitchOrganizationResult = { ok: true; slug: string } | UnknownOrganization | Limited

/**
 * Goes on in another organization of one's own: the one for pages whose path names none, and the one that the next log-in
 * begins in.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const switchOrganization = defineFlow(
  {
    name: 'switchOrganization',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'organization.switch',
  },
  async (runtime: Runtime, caller: Caller, input: { slug: unknown }): Promise<SwitchOrganizationResult> => {
    const { tables } = requireOrganizations(runtime)
    const session = signedInSessionOf(caller)
    const limited = await chargeOrganizations(runtime, caller, session.userId, 'changes')
    if (limited) return limited
    const slug = isOrganizationSlug(input.slug) ? input.slug : null
    return inSessionTransaction<SwitchOrganizationResult>(runtime, session, async (tx, own) => {
      const [found] = await tx.rows<{ id: string; slug: string }>(sql`
        update ${tables.membership.name} m set last_used_at = ${tx.now} from ${tables.organization.name} o
        where o.slug = ${slug} and o.delete_after is null and m.organization_id = o.id and m.user_id = ${own.userId}
        returning o.id::text as id, o.slug`)
      if (!found) return { ok: false, reason: 'unknown-organization' }
      await setActiveOrganization(tx, own, found.id)
      await recordAuditEvent(tx, caller, {
        action: 'organization.switched',
        outcome: 'success',
        targetId: found.id,
        organizationId: found.id,
      })
      return { ok: true, slug: found.slug }
    })
  },
)
