import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { milliseconds, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { type ActingMember, type ActingRefused, asMember, forbidden, policyUnmet } from './acting-member.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import { type OrganizationPolicy, parseOrganizationPolicy } from './organization-policy.ts'
import { requireOrganizations } from './require-organizations.ts'
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
 * Where nobody meets the present one any more, an owner with a second factor changes it all the same.
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
    const limited = await chargeOrganizations(runtime, caller, caller.session.userId, 'changes')
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
      const secondFactorFrom = await putPolicy(tx, acting, policy)
      await recordAuditEvent(tx, caller, {
        action: 'organization.policy_changed',
        outcome: 'success',
        targetId: organization.id,
        organizationId: organization.id,
        metadata: describePolicy(policy, secondFactorFrom),
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

/** @returns From when on two factors are needed. */
async function putPolicy(
  tx: Transaction,
  { organization: { id } }: ActingMember,
  { secondFactorInDays, allowedMethods, maxSessionMinutes }: OrganizationPolicy,
): Promise<Date | null> {
  const { organization } = requireOrganizations(tx.runtime).tables
  const [row] = await tx.rows<{ from: number | null }>(sql`
    update ${organization.name} set allowed_methods = ${allowedMethods}::text[],
      max_session_minutes = ${maxSessionMinutes}::int,
      second_factor_from = case when ${secondFactorInDays}::int is not null
        then least(second_factor_from, ${tx.now} + ${secondFactorInDays}::int * interval '1 day') end
    where id = ${id} returning ${milliseconds(sql`second_factor_from`)} as "from"`)
  const from = row?.from ?? null
  return from === null ? null : new Date(from)
}

function describePolicy({ allowedMethods, maxSessionMinutes }: OrganizationPolicy, from: Date | null) {
  return {
    ...(from === null ? {} : { secondFactorFrom: from.toISOString() }),
    ...(allowedMethods === null ? {} : { allowedMethods: allowedMethods.join(' ') }),
    ...(maxSessionMinutes === null ? {} : { maxSessionMinutes }),
  }
}
