import { Impossible } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { milliseconds, type Sql, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { type ActingMember, type ActingRefused, asMember, forbidden, policyUnmet } from './acting-member.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import { type OrganizationPolicy, parseOrganizationPolicy } from './organization-policy.ts'
import { lackedOf } from './policy-means.ts'
import { requireOrganizations } from './require-organizations.ts'
import { tellMembers } from './tell-members.ts'
import { readUnmet, type Unmet, unmetBy } from './unmet-policy.ts'

export interface PolicyInput {
  organizationId: unknown
  secondFactorInDays: unknown
  allowedMethods: unknown
  maxSessionMinutes: unknown
}

export type UpdateOrganizationPolicyResult =
  | { ok: true; secondFactorFrom: Date | null }
  /** No whole number, out of range, or no method at all. */
  | { ok: false; reason: 'bad-policy' }
  /** A personal organization has none. */
  | { ok: false; reason: 'personal' }
  /** Whoever makes a policy meets it, without its notice. */
  | { ok: false; reason: 'not-met'; unmet: readonly Unmet[] }
  | ActingRefused
  | Limited

/**
 * Says what an organization asks of whoever works in it. It holds at everybody's next request, but for the second factor, of which
 * members may be given notice; a notice that runs is not made longer. Nobody makes a policy that they do not meet themselves.
 * Members whom it keeps out, and the one before did not, are told by email. Where nobody meets the present one any more, an owner with a second factor changes it all the same.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const updateOrganizationPolicy = defineFlow(
  {
    name: 'updateOrganizationPolicy',
    principal: 'session',
    changes: true,
    sudo: 'change-organization-policy',
    impersonation: 'refused',
    channel: 'organization.change',
  },
  async (
    runtime: Runtime,
    caller: SudoCaller,
    { organizationId, ...input }: PolicyInput,
  ): Promise<UpdateOrganizationPolicyResult> => {
    const { roles } = requireOrganizations(runtime)
    const limited = await chargeOrganizations(runtime, caller, caller.session.userId, 'policies')
    if (limited) return limited
    const asked = { organizationId, permission: 'organization:policy', inSpiteOfPolicy: true } as const
    return asMember<UpdateOrganizationPolicyResult>(runtime, caller.session, asked, async (tx, acting) => {
      const { organization, own, role, unmet } = acting
      if (role !== roles.owner) return forbidden
      if (unmet.length > 0 && own.aal < 2) return policyUnmet
      if (organization.isPersonal) return { ok: false, reason: 'personal' }
      const policy = parseOrganizationPolicy(input)
      if (policy === null) return { ok: false, reason: 'bad-policy' }
      const lacking = await lackingOf(tx, acting, policy)
      if (lacking.length > 0) return { ok: false, reason: 'not-met', unmet: lacking }
      const { secondFactorFrom, ...news } = await putPolicy(tx, acting, policy)
      const eventId = await recordAuditEvent(tx, caller, {
        action: 'organization.policy_changed',
        outcome: 'success',
        targetId: organization.id,
        organizationId: organization.id,
        metadata: describePolicy(policy, secondFactorFrom),
      })
      await tellMembers(tx, 'organizationPolicyChanged', {
        organizationId: organization.id,
        eventId,
        which: isNewlyHit(tx, news),
      })
      return { ok: true, secondFactorFrom }
    })
  },
)

/** What the session of whoever makes a policy lacks of it, asked as if it held for everybody already. */
async function lackingOf(
  tx: Transaction,
  { own }: ActingMember,
  { secondFactorInDays, allowedMethods, maxSessionMinutes }: OrganizationPolicy,
): Promise<readonly Unmet[]> {
  const [row] = await tx.rows<{ unmet: string[] }>(sql`
    select ${unmetBy(tx.now)} as unmet
    from ${tx.tables.userSession.name} s, (
      select null::text as personal_owner_id, ${allowedMethods}::text[] as allowed_methods,
        ${maxSessionMinutes}::int as max_session_minutes,
        case when ${secondFactorInDays}::int is not null then '-infinity'::timestamptz end as second_factor_from
    ) o where s.id = ${own.id}`)
  return readUnmet(row?.unmet)
}

/** What a policy asks for that the one before did not, or not yet. */
interface News {
  isSecondFactorNew: boolean
  areMethodsNew: boolean
}

async function putPolicy(
  tx: Transaction,
  { organization: { id } }: ActingMember,
  { secondFactorInDays, allowedMethods, maxSessionMinutes }: OrganizationPolicy,
): Promise<News & { secondFactorFrom: Date | null }> {
  const { organization } = requireOrganizations(tx.runtime).tables
  const [row] = await tx.rows<News & { from: number | null }>(sql`
    update ${organization.name} o set allowed_methods = ${allowedMethods}::text[],
      max_session_minutes = ${maxSessionMinutes}::int,
      second_factor_from = case when ${secondFactorInDays}::int is not null
        then least(o.second_factor_from, ${tx.now} + ${secondFactorInDays}::int * interval '1 day') end
    from ${organization.name} f where o.id = ${id} and f.id = o.id
    returning ${milliseconds(sql`o.second_factor_from`)} as "from",
      coalesce(o.second_factor_from < f.second_factor_from or f.second_factor_from is null, false) as "isSecondFactorNew",
      o.allowed_methods is distinct from f.allowed_methods as "areMethodsNew"`)
  if (!row) throw new Impossible('an organization that is locked is there')
  const { from, ...news } = row
  return { ...news, secondFactorFrom: from === null ? null : new Date(from) }
}

/** Members whom it keeps out, and the policy before did not. */
function isNewlyHit(tx: Transaction, { isSecondFactorNew, areMethodsNew }: News): Sql {
  const needsTwo = sql`(${isSecondFactorNew}::boolean and o.second_factor_from is not null)`
  const methods = areMethodsNew ? sql`o.allowed_methods` : sql`null::text[]`
  return sql`cardinality(${lackedOf(tx.runtime, { needsTwo, methods })}) > 0`
}

function describePolicy({ allowedMethods, maxSessionMinutes }: OrganizationPolicy, from: Date | null) {
  return {
    ...(from === null ? {} : { secondFactorFrom: from.toISOString() }),
    ...(allowedMethods === null ? {} : { allowedMethods: allowedMethods.join(' ') }),
    ...(maxSessionMinutes === null ? {} : { maxSessionMinutes }),
  }
}
