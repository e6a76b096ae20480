import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { type ActingRefused, asMember } from './acting-member.ts'
import { askForDomainChecks } from './ask-for-domain-checks.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import { createChallenge, type DomainRecord, recordOf } from './domain-record.ts'
import { parseEmailDomain } from './email-domain.ts'
import { isPublicDomain } from './public-domain.ts'
import { requireOrganizations } from './require-organizations.ts'

/** `offer`: whoever has an address there may join. `auto`: they do, with the proof of their address. */
export type DomainMode = 'offer' | 'auto'

export type AddDomainResult =
  | { ok: true; record: DomainRecord }
  | { ok: false; reason: 'bad-domain' }
  /** Anybody gets an address there. */
  | { ok: false; reason: 'public-domain' }
  | { ok: false; reason: 'too-many-domains'; most: number }
  /** Nobody but its owner is in a personal one. */
  | { ok: false; reason: 'personal' }
  | ActingRefused
  | Limited

/**
 * Adds a domain whose addresses are to join an organization, and says what its DNS must hold. Until the worker has seen that,
 * nobody joins by it; several organizations may wait for one domain, and who proves it first has it. Added again, it gets
 * the other mode, and what it has proven stays.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const addDomain = defineFlow(
  {
    name: 'addDomain',
    principal: 'session',
    changes: true,
    sudo: 'change-organization-domains',
    impersonation: 'refused',
    channel: 'domain.verify',
  },
  async (
    runtime: Runtime,
    caller: SudoCaller,
    { organizationId, ...input }: { organizationId: unknown; domain: unknown; mode?: unknown },
  ): Promise<AddDomainResult> => {
    const { policy } = requireOrganizations(runtime)
    const limited = await chargeOrganizations(runtime, caller, caller.session.userId, 'changes')
    if (limited) return limited
    const domain = parseEmailDomain(input.domain)
    const mode = input.mode === 'auto' ? 'auto' : 'offer'
    const asked = { organizationId, permission: 'domains:manage' } as const
    return asMember<AddDomainResult>(runtime, caller.session, asked, async (tx, { organization }) => {
      const { id, isPersonal } = organization
      if (isPersonal) return { ok: false, reason: 'personal' }
      if (domain === null) return { ok: false, reason: 'bad-domain' }
      if (isPublicDomain(domain)) return { ok: false, reason: 'public-domain' }
      const known = await change(tx, { organizationId: id, domain, mode })
      if (known) return { ok: true, record: known }
      const added = await insert(tx, { organizationId: id, domain, mode })
      if (added === null)
        return { ok: false, reason: 'too-many-domains', most: policy.domainsPerOrganization }
      await recordAuditEvent(tx, caller, {
        action: 'domain.added',
        outcome: 'success',
        targetId: added.id,
        organizationId: id,
        metadata: { domain },
      })
      await askForDomainChecks(tx)
      return { ok: true, record: added.record }
    })
  },
)

interface Wanted {
  organizationId: string
  domain: string
  mode: DomainMode
}

async function change(
  tx: Transaction,
  { organizationId, domain, mode }: Wanted,
): Promise<DomainRecord | null> {
  const { tables } = requireOrganizations(tx.runtime)
  const [row] = await tx.rows<{ challenge: string }>(sql`
    update ${tables.domain.name} set mode = ${mode} where organization_id = ${organizationId} and domain = ${domain}
    returning challenge`)
  return row ? recordOf({ domain, challenge: row.challenge }) : null
}

/** Under the organization's lock: the last one that is allowed is one's. */
async function insert(
  tx: Transaction,
  { organizationId, domain, mode }: Wanted,
): Promise<{ id: string; record: DomainRecord } | null> {
  const { tables, policy, roles } = requireOrganizations(tx.runtime)
  const challenge = createChallenge()
  const [row] = await tx.rows<{ id: string }>(sql`
    insert into ${tables.domain.name} (id, organization_id, domain, challenge, mode, role, created_at)
    select ${newId(tx, tables.domain)}, ${organizationId}, ${domain}, ${challenge}, ${mode}, ${roles.standard}, ${tx.now}
    where (select count(*) from ${tables.domain.name} x where x.organization_id = ${organizationId})
      < ${policy.domainsPerOrganization}
    returning id::text as id`)
  return row ? { id: row.id, record: recordOf({ domain, challenge }) } : null
}
