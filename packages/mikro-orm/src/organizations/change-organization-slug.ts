import { type OrganizationSlug, parseOrganizationSlug } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { type ActingMember, type ActingRefused, asMember } from './acting-member.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import type { BadSlug } from './create-organization.ts'
import { requireOrganizations } from './require-organizations.ts'

export type ChangeOrganizationSlugResult = { ok: true; slug: string } | BadSlug | ActingRefused | Limited

/**
 * Gives an organization another slug. The former one leads to it for a while, and is nobody else's meanwhile; the
 * organization itself may take it back.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const changeOrganizationSlug = defineFlow(
  {
    name: 'changeOrganizationSlug',
    principal: 'session',
    changes: true,
    sudo: 'change-organization-slug',
    impersonation: 'refused',
    channel: 'organization.change',
  },
  async (
    runtime: Runtime,
    caller: SudoCaller,
    { organizationId, ...input }: { organizationId: unknown; slug: unknown },
  ): Promise<ChangeOrganizationSlugResult> => {
    const { reservedSlugs } = requireOrganizations(runtime)
    const limited = await chargeOrganizations(runtime, caller, caller.session.userId, 'slugChanges')
    if (limited) return limited
    const asked = { organizationId, permission: 'organization:update' } as const
    return asMember<ChangeOrganizationSlugResult, BadSlug>(
      runtime,
      caller.session,
      asked,
      async (tx, { organization }, undo) => {
        if (input.slug === organization.slug) return { ok: true, slug: organization.slug }
        const chosen = parseOrganizationSlug(input.slug, reservedSlugs)
        if (!chosen.ok) return chosen
        const { slug } = chosen
        if (!(await replaceSlug(tx, organization, slug))) return undo({ ok: false, reason: 'slug-taken' })
        await recordAuditEvent(tx, caller, {
          action: 'organization.slug_changed',
          outcome: 'success',
          targetId: organization.id,
          organizationId: organization.id,
          metadata: { slug, formerSlug: organization.slug },
        })
        return { ok: true, slug }
      },
    )
  },
)

/** The present one becomes a former one first: an organization has one that is not. */
async function replaceSlug(
  tx: Transaction,
  { id }: ActingMember['organization'],
  slug: OrganizationSlug,
): Promise<boolean> {
  const { tables, policy } = requireOrganizations(tx.runtime)
  await tx.rows(sql`
    update ${tables.slug.name} set former_until = ${tx.now} + ${policy.formerSlugDays} * interval '1 day'
    where organization_id = ${id} and former_until is null`)
  const reserved = await tx.rows(sql`
    insert into ${tables.slug.name} as x (slug, organization_id) values (${slug}, ${id})
    on conflict (slug) do update set organization_id = excluded.organization_id, former_until = null
      where x.former_until <= ${tx.now} or x.organization_id = excluded.organization_id
    returning 1`)
  if (reserved.length === 0) return false
  await tx.rows(sql`update ${tables.organization.name} set slug = ${slug} where id = ${id}`)
  return true
}
