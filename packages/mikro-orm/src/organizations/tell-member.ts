import type { CanonicalEmail } from '@sigra/core'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import type { UserId } from '../user-id.ts'
import type { OrganizationPlainNotice } from './mail-facts.ts'

/** Tells somebody what became of them in an organization, by the line of the audit log that says so. */
export async function tellMember(
  tx: Transaction,
  kind: OrganizationPlainNotice,
  { userId }: { userId: UserId },
  eventId: string,
): Promise<void> {
  const [user] = await tx.rows<{ address: CanonicalEmail }>(
    sql`select u.email_canonical as address from ${tx.tables.user.name} u where u.id = ${userId}`,
  )
  if (user) await enqueueNotice(tx, kind, { ...user, eventId })
}
