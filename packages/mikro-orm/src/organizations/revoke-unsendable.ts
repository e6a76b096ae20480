import type { Roles } from '@sigra/core'
import { sql } from '../database/sql.ts'
import type { TransactionOf } from '../database/transaction-of.ts'
import type { UserId } from '../user-id.ts'
import { isUnanswered } from './open-invitation.ts'
import type { OrganizationTables } from './organization-tables.ts'

/**
 * Takes back what somebody sent and could not send any more, under the organization's lock.
 *
 * @param role What they are by now; `null`: no member.
 */
export async function revokeUnsendable(
  tx: Pick<TransactionOf<unknown>, 'rows' | 'now'>,
  { tables, roles }: { tables: OrganizationTables; roles: Roles },
  { organizationId, userId, role }: { organizationId: string; userId: UserId; role: string | null },
): Promise<void> {
  const mayInvite = roles.permissionsOf(role).has('members:invite')
  const sendable = mayInvite && role !== null ? roles.names.filter((each) => roles.mayGive(role, each)) : []
  await tx.rows(sql`
    update ${tables.invitation.name} i set revoked_at = ${tx.now}
    where i.organization_id = ${organizationId} and i.invited_by_id = ${userId} and ${isUnanswered}
      and i.role <> all(${sendable}::text[])`)
}
