import type { Caller } from '../caller.ts'
import { milliseconds, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { stepOf } from '../sessions/session.ts'
import { requireOrganizations } from './require-organizations.ts'

/** An organization that is to be deleted, as one of its owners sees it. */
export interface RestorableOrganization {
  id: string
  slug: string
  name: string
  /** Until then it can be restored. */
  deleteAfter: Date
}

/**
 * The organizations that whoever is signed in owns and that are to be deleted, what is due first ahead. None for strangers.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const listRestorableOrganizations = defineFlow(
  {
    name: 'listRestorableOrganizations',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, { session }: Caller): Promise<RestorableOrganization[]> => {
    const { tables, roles } = requireOrganizations(runtime)
    if (session === null || stepOf(session) !== null) return []
    const rows = await statement<Omit<RestorableOrganization, 'deleteAfter'> & { deleteAfter: number }>(
      runtime,
      sql`
      select o.id::text as id, o.slug, o.name, ${milliseconds(sql`o.delete_after`)} as "deleteAfter"
      from ${tables.membership.name} m join ${tables.organization.name} o on o.id = m.organization_id
      where m.user_id = ${session.userId} and m.role = ${roles.owner} and o.delete_after > ${databaseNow(runtime)}
      order by o.delete_after, o.id`,
    )
    return rows.map(({ deleteAfter, ...rest }) => ({ ...rest, deleteAfter: new Date(deleteAfter) }))
  },
)
