import type { CanonicalEmail } from '@sigra/core'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import type { NoticeKind } from '../mail/mail-kinds.ts'
import type { UserId } from '../user-id.ts'

/** Tells a user, at the address they have now, about an event of this transaction. */
export async function notifyOwner(
  tx: Transaction,
  userId: UserId,
  kind: NoticeKind,
  eventId: string,
): Promise<void> {
  const [user] = await tx.rows<{ address: CanonicalEmail }>(
    sql`select email_canonical as address from ${tx.tables.user.name} where id = ${userId}`,
  )
  if (user) await enqueueNotice(tx, kind, { address: user.address, eventId })
}
