import type { CanonicalEmail } from '@sigra/core'
import { sql } from '../database/sql.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import type { Runtime } from '../runtime.ts'
import { repeatWhileFull } from '../sweeps/delete-in-batches.ts'
import { scheduledLine } from './scheduled-line.ts'

interface Reminded {
  address: CanonicalEmail
  /** The line of the audit log about what they are reminded of; `null` where it was asked for past every flow. */
  eventId: string | null
}

const BATCH_USERS = 100

/**
 * Reminds everybody whose deletion is near, once each: what they asked for, or somebody else did, can still be undone.
 *
 * @returns How many were reminded.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const remindOfUserDeletions = defineFlow(
  {
    name: 'remindOfUserDeletions',
    principal: 'worker',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (runtime: Runtime): Promise<number> =>
    repeatWhileFull(BATCH_USERS, () => inTransaction(runtime, remindSome)),
)

async function remindSome(tx: Transaction): Promise<number> {
  const reminded = await claim(tx)
  for (const { address, eventId } of reminded) {
    if (eventId !== null) await enqueueNotice(tx, 'deletionReminder', { address, eventId })
  }
  return reminded.length
}

/** One conditional statement: of several workers each person is one's. */
async function claim(tx: Transaction): Promise<Reminded[]> {
  const { user } = tx.tables
  return tx.rows<Reminded>(sql`
    update ${user.name} u set deletion_reminded_at = ${tx.now}
    where u.id in (
      select w.id from ${user.name} w
      where w.delete_after > ${tx.now}
        and w.delete_after <= ${tx.now} + ${tx.runtime.policy.deletion.reminderDays} * interval '1 day'
        and w.deleted_at is null and (w.deletion_reminded_at is null or w.deletion_reminded_at < w.deletion_requested_at)
      order by w.delete_after limit ${BATCH_USERS} for update skip locked)
    returning u.email_canonical as address, (
      select d.id::text ${scheduledLine(tx.tables)} order by d.occurred_at desc limit 1) as "eventId"`)
}
