import type { CanonicalEmail } from '@sigra/core'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { isUndoable } from '../email-change/undoable-change.ts'
import { enqueueLinkMail } from '../mail/link-mail.ts'
import type { TokenSource } from '../mail/mail-payload.ts'
import { requireOrganizations } from './require-organizations.ts'

/** At the addresses they have, and at those that a change of address could give back: that must silence nothing. */
export async function tellOfTransfer(
  tx: Transaction,
  organizationId: string,
  source: TokenSource,
): Promise<void> {
  const { tables, roles } = requireOrganizations(tx.runtime)
  const readers = sql`${tables.membership.name} m join ${tables.organization.name} o on o.id = m.organization_id
    join ${tx.tables.user.name} u on u.id = m.user_id`
  const isReader = sql`o.id = ${organizationId} and (m.role = ${roles.owner} or u.id::text = o.transferred_by)`
  const addresses = await tx.rows<{ address: CanonicalEmail }>(sql`
    select u.email_canonical as address from ${readers} where ${isReader}
    union
    select c.old_email_canonical from ${readers} join ${tx.tables.userEmailChange.name} c on c.user_id = u.id
    where ${isReader} and ${isUndoable(tx.now)}
    order by 1`)
  for (const { address } of addresses) await enqueueLinkMail(tx, 'organizationTransferred', address, source)
}
