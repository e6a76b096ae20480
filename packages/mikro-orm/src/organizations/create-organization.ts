import { parseOrganizationSlug, type SlugRefusal } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import type { UserId } from '../user-id.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import { insertOrganization } from './insert-organization.ts'
import { parseOrganizationName } from './organization-name.ts'
import { requireOrganizations } from './require-organizations.ts'
import { setActiveOrganization } from './set-active-organization.ts'

export type CreateOrganizationResult =
  | { ok: true; organizationId: string; slug: string }
  /** Nothing to read, too long, or a link. */
  | { ok: false; reason: 'bad-name' }
  | BadSlug
  /** As many as `maxOwned` of the policy are theirs already. */
  | { ok: false; reason: 'too-many-organizations'; maxOwned: number }
  | Limited

export interface BadSlug {
  ok: false
  reason: SlugRefusal
}

/**
 * Makes an organization whose owner is whoever asks. They go on in it.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const createOrganization = defineFlow(
  {
    name: 'createOrganization',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'organization.change',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { name: unknown; slug: unknown },
  ): Promise<CreateOrganizationResult> => {
    const area = requireOrganizations(runtime)
    const session = signedInSessionOf(caller)
    const limited = await chargeOrganizations(runtime, caller, session.userId, 'creations')
    if (limited) return limited
    const name = parseOrganizationName(input.name)
    if (name === null) return { ok: false, reason: 'bad-name' }
    const chosen = parseOrganizationSlug(input.slug, area.reservedSlugs)
    if (!chosen.ok) return chosen
    const { slug } = chosen
    return inSessionTransaction<CreateOrganizationResult>(runtime, session, async (tx, own) => {
      const { userId } = own
      const { maxOwned } = area.policy
      if ((await countOwned(tx, userId)) >= maxOwned)
        return { ok: false, reason: 'too-many-organizations', maxOwned }
      const made = { slug, name, ownerId: userId, isPersonal: false }
      const organizationId = await insertOrganization(tx, area, made)
      if (organizationId === null) return { ok: false, reason: 'slug-taken' }
      await setActiveOrganization(tx, own, organizationId)
      await recordAuditEvent(tx, caller, {
        action: 'organization.created',
        outcome: 'success',
        targetId: organizationId,
        organizationId,
        metadata: { slug },
      })
      return { ok: true, organizationId, slug }
    })
  },
)

/** Under the user's lock, so that of two that are made at once the second is counted with the first. */
async function countOwned(tx: Transaction, userId: UserId): Promise<number> {
  const { tables, roles } = requireOrganizations(tx.runtime)
  const [row] = await tx.rows<{ count: number }>(sql`
    select count(*)::int as count from ${tables.membership.name} m
    join ${tables.organization.name} o on o.id = m.organization_id
    where m.user_id = ${userId} and m.role = ${roles.owner} and o.personal_owner_id is null`)
  return row?.count ?? 0
}
