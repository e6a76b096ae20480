import type { Caller } from '../caller.ts'
import { milliseconds, sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { stepOf } from '../sessions/session.ts'
import { requireOrganizations } from './require-organizations.ts'

/** An organization as one of its members sees it in their list. */
export interface OwnOrganization {
  id: string
  slug: string
  name: string
  isPersonal: boolean
  role: string
  joinedAt: Date
}

/**
 * The organizations of whoever is signed in: their personal one first, then by name. None for strangers.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const listOrganizations = defineFlow(
  {
    name: 'listOrganizations',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, { session }: Caller): Promise<OwnOrganization[]> => {
    const { tables } = requireOrganizations(runtime)
    if (session === null || stepOf(session) !== null) return []
    const rows = await statement<Omit<OwnOrganization, 'joinedAt'> & { joinedAt: number }>(
      runtime,
      sql`
      select o.id::text as id, o.slug, o.name, o.personal_owner_id is not null as "isPersonal", m.role,
        ${milliseconds(sql`m.created_at`)} as "joinedAt"
      from ${tables.membership.name} m join ${tables.organization.name} o on o.id = m.organization_id
      where m.user_id = ${session.userId} and o.delete_after is null
      order by o.personal_owner_id is null, lower(o.name), o.id`,
    )
    return rows.map(({ joinedAt, ...rest }) => ({ ...rest, joinedAt: new Date(joinedAt) }))
  },
)
