import type { CanonicalEmail } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { enqueueNoticeToEach } from '../mail/enqueue-mail.ts'
import type { OrganizationPlainNotice } from './mail-facts.ts'
import { requireOrganizations } from './require-organizations.ts'

/**
 * Tells members what a line of the audit log says of their organization.
 *
 * @param which Those members, over the user's row `u` and the organization's row `o`.
 */
export async function tellMembers(
  tx: Transaction,
  kind: OrganizationPlainNotice,
  { organizationId, eventId, which }: { organizationId: string; eventId: string; which: Sql },
): Promise<void> {
  const { membership, organization } = requireOrganizations(tx.runtime).tables
  const members = await tx.rows<{ address: CanonicalEmail }>(sql`
    select u.email_canonical as address from ${membership.name} m
    join ${organization.name} o on o.id = m.organization_id join ${tx.tables.user.name} u on u.id = m.user_id
    where m.organization_id = ${organizationId} and ${which} order by m.id`)
  await enqueueNoticeToEach(tx, kind, { addresses: members.map(({ address }) => address), eventId })
}
