import type { CanonicalEmail } from '@sigra/core'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { enqueueNoticeTo } from '../mail/enqueue-mail.ts'
import type { UserId } from '../user-id.ts'
import { isUndoable } from './undoable-change.ts'

/**
 * Tells every former address from which a change can be undone that the address changed, with the link that does it. One
 * whose owner distrusts its mailbox is told too, and can do nothing.
 */
export async function tellAboutChange(
  tx: Transaction,
  { userId, changeId, eventId }: { userId: UserId; changeId: string; eventId: string },
): Promise<void> {
  const former = await tx.rows<{ address: CanonicalEmail; isUndoable: boolean }>(sql`
    select c.old_email_canonical as address, bool_or(${isUndoable(tx.now)}) as "isUndoable"
    from ${tx.tables.userEmailChange.name} c
    where c.user_id = ${userId} and (c.id::text = ${changeId} or ${isUndoable(tx.now)})
    group by c.old_email_canonical order by 1`)
  for (const { address, isUndoable: canUndo } of former) {
    await enqueueNoticeTo(tx, canUndo ? 'emailChanged' : 'emailLeft', { address, eventId })
  }
}
