import type { Roles } from '@sigra/core'
import { sql } from '../database/sql.ts'
import type { TransactionOf } from '../database/transaction-of.ts'
import type { SecuredUser } from '../hooks.ts'
import { hasOthers } from './another-owner.ts'
import type { OrganizationTables } from './organization-tables.ts'
import { promoteHeirs } from './promote-heirs.ts'
import { revokeUnsendable } from './revoke-unsendable.ts'

/** What somebody is let in by because of their address: its line of the audit log says so. */
export const BY_ADDRESS = { domain: 'domain', invitation: 'invitation' } as const

/**
 * Ends what somebody joined by an address that they have no longer, by its domain or by an invitation to it: all that they joined so
 * since they had it. An organization that nobody else is in stays theirs.
 *
 * @param since When they got the first of the addresses that are theirs no more.
 */
export async function loseMemberships(
  tx: TransactionOf<unknown>,
  area: { tables: OrganizationTables; roles: Roles },
  { userId, record }: SecuredUser,
  since: string,
): Promise<void> {
  const { membership } = area.tables
  const isWon = sql`(m.user_id = ${userId} and m.created_at >= ${since}::timestamptz and ${hasOthers(area.tables)}
    and exists (select from ${tx.tables.auditEvent.name} e where e.subject_id = ${userId}::text and e.action = 'member.added'
      and e.target_id = m.id::text and e.metadata ->> 'method' = any(${Object.values(BY_ADDRESS)}::text[])))`
  await promoteHeirs(tx, area, { userId, record }, isWon)
  const lost = await tx.rows<{ id: string; organizationId: string; role: string }>(sql`
    delete from ${membership.name} m where ${isWon}
    returning m.id::text as id, m.organization_id::text as "organizationId", m.role`)
  for (const { id, organizationId, role } of lost) {
    await revokeUnsendable(tx, area, { organizationId, userId, role: null })
    const metadata = { formerRole: role, method: 'email-change-undone' }
    await record({ action: 'member.left', subjectId: userId, targetId: id, organizationId, metadata })
  }
}
