import type { OrganizationPermission } from '@sigra/core'
import { parseId } from '../database/row-id.ts'
import { type Sql, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { type ActingRefused, forbidden, policyUnmet, unknownOrganization } from './acting-member.ts'
import { requireOrganizations } from './require-organizations.ts'
import { unmetBy } from './unmet-policy.ts'

/** Who looks at something of an organization, by the rights of now. */
export interface LookingMember {
  ok: true
  organizationId: Sql
}

/** For what only reads: whether this session's user may look at it. */
export async function findLookingMember(
  runtime: Runtime,
  session: ResolvedSession,
  asked: { organizationId: unknown; permission: OrganizationPermission },
): Promise<LookingMember | ActingRefused> {
  const { roles, tables } = requireOrganizations(runtime)
  const { membership, organization } = tables
  const organizationId = parseId(runtime.tables, asked.organizationId)
  if (organizationId === null) return unknownOrganization
  const [row] = await statement<{ role: string; unmet: string[] }>(
    runtime,
    sql`
    select m.role, ${unmetBy(databaseNow(runtime))} as unmet
    from ${membership.name} m join ${organization.name} o on o.id = m.organization_id
    join ${runtime.tables.userSession.name} s on s.id = ${session.id} and s.user_id = m.user_id
    where m.user_id = ${session.userId} and o.id = ${organizationId} and o.delete_after is null`,
  )
  if (!row) return unknownOrganization
  if (row.unmet.length > 0) return policyUnmet
  return roles.permissionsOf(row.role).has(asked.permission) ? { ok: true, organizationId } : forbidden
}
