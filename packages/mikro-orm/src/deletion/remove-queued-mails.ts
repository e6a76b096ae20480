import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { MAIL_TASK } from '../mail/mail-payload.ts'
import type { UserId } from '../user-id.ts'

/**
 * Takes emails to somebody's addresses out of the queue, also those that failed for good: each job holds an address. An
 * address that is somebody else's now keeps its emails. One that is being sent at this moment is left, and dropped at its
 * next attempt: nobody has the address any more.
 */
export async function removeQueuedMails(tx: Transaction, userId: UserId): Promise<void> {
  const { user, userEmailChange } = tx.tables
  await tx.rows(sql`
    with theirs as materialized (
      select email_canonical as address from ${user.name} where id = ${userId}
      union select old_email_canonical from ${userEmailChange.name} where user_id = ${userId}
      union select new_email_canonical from ${userEmailChange.name} where user_id = ${userId}
    ), mails as materialized (
      select j.id from graphile_worker._private_jobs j join graphile_worker._private_tasks k on k.id = j.task_id
      where k.identifier = ${MAIL_TASK} and j.payload ->> 'address' in (
        select t.address from theirs t
        where not exists (select from ${user.name} o where o.email_canonical = t.address and o.id <> ${userId}))
    )
    select from graphile_worker.complete_jobs(array(select id from mails))`)
}
