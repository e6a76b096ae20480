import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { parseId } from '../database/row-id.ts'
import { sql } from '../database/sql.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import { type ActingRefused, asMember } from './acting-member.ts'
import { askForDomainChecks } from './ask-for-domain-checks.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import { requireOrganizations } from './require-organizations.ts'

/** There is none, or it is another organization's: the same. */
export interface UnknownDomain {
  ok: false
  reason: 'unknown-domain'
}

export type RemoveDomainResult = { ok: true } | UnknownDomain | ActingRefused | Limited

export type CheckDomainResult = RemoveDomainResult

interface Named {
  organizationId: unknown
  domainId: unknown
}

const unknownDomain: UnknownDomain = { ok: false, reason: 'unknown-domain' }

/**
 * Removes a domain: nobody joins by it any more. Whoever did stays.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const removeDomain = defineFlow(
  {
    name: 'removeDomain',
    principal: 'session',
    changes: true,
    sudo: 'change-organization-domains',
    impersonation: 'refused',
    channel: 'domain.verify',
  },
  async (
    runtime: Runtime,
    caller: SudoCaller,
    { organizationId, domainId }: Named,
  ): Promise<RemoveDomainResult> => {
    const { tables } = requireOrganizations(runtime)
    const limited = await chargeOrganizations(runtime, caller, caller.session.userId, 'changes')
    if (limited) return limited
    const id = parseId(runtime.tables, domainId)
    const asked = { organizationId, permission: 'domains:manage' } as const
    return asMember<RemoveDomainResult>(runtime, caller.session, asked, async (tx, { organization }) => {
      const [gone] =
        id === null
          ? []
          : await tx.rows<{ id: string; domain: string }>(sql`
        delete from ${tables.domain.name} d where d.id = ${id} and d.organization_id = ${organization.id}
        returning d.id::text as id, d.domain`)
      if (!gone) return unknownDomain
      await recordAuditEvent(tx, caller, {
        action: 'domain.removed',
        outcome: 'success',
        targetId: gone.id,
        organizationId: organization.id,
        metadata: { domain: gone.domain },
      })
      return { ok: true }
    })
  },
)

/**
 * Has the DNS of a domain asked soon, for whoever has just changed it.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const checkDomain = defineFlow(
  {
    name: 'checkDomain',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'domain.verify',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    { organizationId, domainId }: Named,
  ): Promise<CheckDomainResult> => {
    const { tables } = requireOrganizations(runtime)
    const session = signedInSessionOf(caller)
    const limited = await chargeOrganizations(runtime, caller, session.userId, 'domainChecks')
    if (limited) return limited
    const id = parseId(runtime.tables, domainId)
    const asked = { organizationId, permission: 'domains:manage' } as const
    return asMember<CheckDomainResult>(runtime, session, asked, async (tx, { organization }) => {
      const due =
        id === null
          ? []
          : await tx.rows(sql`
        update ${tables.domain.name} d set checked_at = null where d.id = ${id} and d.organization_id = ${organization.id}
          and d.verified_at is null
        returning 1`)
      if (due.length === 0) return unknownDomain
      await askForDomainChecks(tx)
      return { ok: true }
    })
  },
)
