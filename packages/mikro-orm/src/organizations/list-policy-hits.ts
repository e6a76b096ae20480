import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import type { UserId } from '../user-id.ts'
import type { ActingRefused } from './acting-member.ts'
import { findLookingMember } from './looking-member.ts'
import { parseOrganizationPolicy, type PolicyLack } from './organization-policy.ts'
import { lackedOf } from './policy-means.ts'
import { requireOrganizations } from './require-organizations.ts'
import type { PolicyInput } from './update-organization-policy.ts'

/** A member whom a policy would keep out until they set something up. */
export interface PolicyHit {
  userId: UserId
  email: string
  /** What they have none of. */
  lacks: PolicyLack[]
}

export type ListPolicyHitsResult =
  { ok: true; hits: PolicyHit[] } | { ok: false; reason: 'bad-policy' } | ActingRefused

/**
 * Whom a policy would hit, before it is made: members without a second factor, or without any of the methods. Who only logs in
 * once more is not among them.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const listPolicyHits = defineFlow(
  {
    name: 'listPolicyHits',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (
    runtime: Runtime,
    caller: Caller,
    { organizationId, ...input }: PolicyInput,
  ): Promise<ListPolicyHitsResult> => {
    const asked = { organizationId, permission: 'organization:policy' } as const
    const looking = await findLookingMember(runtime, signedInSessionOf(caller), asked)
    if (!looking.ok) return looking
    const policy = parseOrganizationPolicy(input)
    if (policy === null) return { ok: false, reason: 'bad-policy' }
    const { membership } = requireOrganizations(runtime).tables
    const needsTwo = sql`${policy.secondFactorInDays !== null}::boolean`
    const methods = sql`${policy.allowedMethods}::text[]`
    const hits = await statement<PolicyHit>(
      runtime,
      sql`
      select * from (
        select u.id::text as "userId", u.email, ${lackedOf(runtime, { needsTwo, methods })} as lacks
        from ${membership.name} m join ${runtime.tables.user.name} u on u.id = m.user_id
        where m.organization_id = ${looking.organizationId} order by m.id
      ) x where cardinality(lacks) > 0`,
    )
    return { ok: true, hits }
  },
)
