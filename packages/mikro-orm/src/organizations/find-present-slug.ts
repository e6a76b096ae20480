import { isOrganizationSlug } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import { requireOrganizations } from './require-organizations.ts'

/**
 * What an organization is called now that went by this slug a while ago: for its members alone. To everybody else a former
 * slug is one that does not exist.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const findPresentSlug = defineFlow(
  {
    name: 'findPresentSlug',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller, formerSlug: string): Promise<string | null> => {
    const { tables } = requireOrganizations(runtime)
    const { userId } = signedInSessionOf(caller)
    if (!isOrganizationSlug(formerSlug)) return null
    const [row] = await statement<{ slug: string }>(
      runtime,
      sql`
      select o.slug from ${tables.slug.name} f
      join ${tables.organization.name} o on o.id = f.organization_id and o.delete_after is null
      join ${tables.membership.name} m on m.organization_id = o.id and m.user_id = ${userId}
      where f.slug = ${formerSlug} and f.former_until > ${databaseNow(runtime)}`,
    )
    return row?.slug ?? null
  },
)
