import type { Caller } from '../caller.ts'
import { parseId } from '../database/row-id.ts'
import { sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import { chargeLimits } from '../limits/charge-limits.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { requireOrganizations } from './require-organizations.ts'

/**
 * Takes one of the invitations that somebody, and an organization of theirs, may send in a day. Who is no member of it takes
 * nothing of the organization's.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function chargeInvitation(
  runtime: Runtime,
  caller: Caller,
  userId: UserId,
  organizationId: unknown,
): Promise<boolean> {
  const { policy, tables, roles } = requireOrganizations(runtime)
  const id = parseId(runtime.tables, organizationId)
  if (id === null) return false
  const [found] = await statement<{ id: string; role: string; isNew: boolean }>(
    runtime,
    sql`
    select o.id::text as id, m.role, o.created_at > ${databaseNow(runtime)} - interval '1 day' as "isNew"
    from ${tables.organization.name} o join ${tables.membership.name} m on m.organization_id = o.id
    where o.id = ${id} and m.user_id = ${userId}`,
  )
  if (!found || !roles.permissionsOf(found.role).has('members:invite')) return false
  const ofOrganization = found.isNew ? policy.newOrganizationInvitations : policy.organizationInvitations
  const charged = await chargeLimits(
    runtime,
    [
      { name: 'organizations.invitations', subject: userId, bucket: policy.invitations },
      { name: 'organizations.invitations-of', subject: found.id, bucket: ofOrganization },
    ],
    caller,
  )
  return charged.ok
}
