import type { CanonicalEmail } from '@sigra/core'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { enqueueNotice } from './enqueue-mail.ts'
import type { NoticeKind } from './mail-kinds.ts'

/** Tells somebody, at the address they have, what a line of the audit log says. */
export async function tellUser(
  tx: Transaction,
  kind: NoticeKind,
  { userId, eventId }: { userId: string; eventId: string },
): Promise<void> {
  const [user] = await tx.rows<{ address: CanonicalEmail }>(
    sql`select u.email_canonical as address from ${tx.tables.user.name} u where u.id::text = ${userId}`,
  )
  if (user) await enqueueNotice(tx, kind, { ...user, eventId })
}
