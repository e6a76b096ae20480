import type { Caller } from '../caller.ts'
import { milliseconds, sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import type { ActingRefused } from './acting-member.ts'
import type { DomainMode } from './add-domain.ts'
import { type DomainRecord, recordOf } from './domain-record.ts'
import { findLookingMember } from './looking-member.ts'
import { requireOrganizations } from './require-organizations.ts'

export interface OrganizationDomain {
  id: string
  domain: string
  mode: DomainMode
  /** What its DNS has to hold, and has to go on holding. */
  record: DomainRecord
  /** Since when it is the organization's; `null`: not yet, or no longer. */
  verifiedAt: Date | null
  /** When its DNS was asked last. */
  checkedAt: Date | null
  /** The last time it was asked, the record was not there. */
  isMissing: boolean
  /** Another organization has proven it. */
  isTaken: boolean
}

interface Row {
  id: string
  domain: string
  mode: DomainMode
  challenge: string
  verifiedAt: number | null
  checkedAt: number | null
  failures: number
  isTaken: boolean
}

/**
 * Domains of an organization, for who may manage them, and whether anybody can still join by them.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const listDomains = defineFlow(
  {
    name: 'listDomains',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { organizationId: unknown },
  ): Promise<{ ok: true; domains: OrganizationDomain[]; isFull: boolean } | ActingRefused> => {
    const { tables } = requireOrganizations(runtime)
    const asked = { organizationId: input.organizationId, permission: 'domains:manage' } as const
    const looking = await findLookingMember(runtime, signedInSessionOf(caller), asked)
    if (!looking.ok) return looking
    const { domain, organization, membership } = tables
    const rows = await statement<Row>(
      runtime,
      sql`
      select d.id::text as id, d.domain, d.mode, d.challenge, d.failures, ${milliseconds(sql`d.verified_at`)} as "verifiedAt",
        ${milliseconds(sql`d.checked_at`)} as "checkedAt", exists (
          select from ${domain.name} x where x.domain = d.domain and x.id <> d.id and x.verified_at is not null) as "isTaken"
      from ${domain.name} d where d.organization_id = ${looking.organizationId} order by d.domain`,
    )
    const full = await statement(
      runtime,
      sql`
      select from ${organization.name} o where o.id = ${looking.organizationId} and o.seat_limit is not null
        and o.seat_limit <= (select count(*) from ${membership.name} m where m.organization_id = o.id)`,
    )
    return { ok: true, domains: rows.map(readDomain), isFull: full.length > 0 }
  },
)

function readDomain({ challenge, verifiedAt, checkedAt, failures, ...row }: Row): OrganizationDomain {
  const { id, domain, mode, isTaken } = row
  return {
    id,
    domain,
    mode,
    record: recordOf({ domain, challenge }),
    verifiedAt: verifiedAt === null ? null : new Date(verifiedAt),
    checkedAt: checkedAt === null ? null : new Date(checkedAt),
    isMissing: failures > 0,
    isTaken,
  }
}
