import { tryLockAddresses } from '../addresses/lock-addresses.ts'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { DatabaseUnavailable } from '../database/database-unavailable.ts'
import { sql } from '../database/sql.ts'
import { inTransaction, statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { runBeforeErased } from '../hooks.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { BY_THE_RUN } from './by-the-run.ts'
import { type DueUser, dueUsers } from './due-users.ts'
import { eraseUser } from './erase-user.ts'
import { refusalOf } from './refusal.ts'

/** What one run came to. */
export interface UserDeletions {
  deleted: number
  failed: number
  /** There are more than one run takes, and it went on with some: another is to follow at once. */
  more: boolean
}

interface RunOptions {
  /** @default 100 */
  usersPerRun?: number
}

const USERS_PER_RUN = 100

/**
 * Deletes accounts whose grace is over, each in a transaction of its own: a run that is killed leaves every account whole
 * or gone, and the next one goes on. One that a table refuses stays as it is, is in the audit log, and is tried again after
 * an hour. Of two runs at once each account is one's.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const runUserDeletions = defineFlow(
  {
    name: 'runUserDeletions',
    principal: 'worker',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (runtime: Runtime, { usersPerRun = USERS_PER_RUN }: RunOptions = {}): Promise<UserDeletions> => {
    const due = await statement<DueUser>(runtime, dueUsers(runtime, usersPerRun))
    const done = { deleted: 0, failed: 0, skipped: 0 }
    for (const user of due) done[await deleteDue(runtime, user)]++
    const { deleted, failed } = done
    return { deleted, failed, more: due.length >= usersPerRun && deleted + failed > 0 }
  },
)

async function deleteDue(runtime: Runtime, user: DueUser): Promise<'deleted' | 'failed' | 'skipped'> {
  try {
    return await inTransaction(runtime, async (tx) => {
      // The address before the row, as everywhere; and waiting for neither: another run has them, or somebody is at work.
      if (!(await tryLockAddresses(tx, [user.address]))) return 'skipped'
      await runBeforeErased(tx, { userId: user.id, address: user.address })
      const locked = await tx.rows(sql`
        select from ${tx.tables.user.name} u
        where u.id = ${user.id} and u.email_canonical = ${user.address}
          and u.delete_after <= ${tx.now} and u.deleted_at is null
        for update skip locked`)
      if (locked.length === 0) return 'skipped'
      await eraseUser(tx, user)
      return 'deleted'
    })
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error
    await recordRefusal(runtime, user.id, error)
    return 'failed'
  }
}

/** In a transaction of its own: that of the deletion is gone. */
async function recordRefusal(runtime: Runtime, id: UserId, error: unknown): Promise<void> {
  const { reason, table } = refusalOf(error)
  runtime.logger.error('deletion.failed', { userId: id, reason, table })
  await inTransaction(runtime, (tx) =>
    recordAuditEvent(tx, BY_THE_RUN, {
      action: 'account.deletion_failed',
      outcome: 'failure',
      actorId: null,
      subjectId: id,
      metadata: { reason, ...(table === null ? {} : { table }) },
    }),
  )
}
