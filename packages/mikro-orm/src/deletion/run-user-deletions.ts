import { tryLockAddresses } from '../addresses/lock-addresses.ts'
import { sql } from '../database/sql.ts'
import { statement, type Transaction } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { runBeforeErased } from '../hooks.ts'
import type { Runtime } from '../runtime.ts'
import { deleteEachDue, type DeletionRun } from './delete-each-due.ts'
import { type DueUser, dueUsers } from './due-users.ts'
import { eraseUser } from './erase-user.ts'

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
  async (runtime: Runtime, { usersPerRun = USERS_PER_RUN }: RunOptions = {}): Promise<DeletionRun> =>
    deleteEachDue(runtime, {
      due: await statement<DueUser>(runtime, dueUsers(runtime, usersPerRun)),
      most: usersPerRun,
      erase: eraseDue,
      refused: ({ id }) => ({
        event: 'deletion.failed',
        fields: { userId: id },
        entry: { action: 'account.deletion_failed', subjectId: id },
      }),
    }),
)

async function eraseDue(tx: Transaction, user: DueUser): Promise<boolean> {
  // The address before the row, as everywhere; and waiting for neither: another run has them, or somebody is at work.
  if (!(await tryLockAddresses(tx, [user.address]))) return false
  await runBeforeErased(tx, { userId: user.id, address: user.address })
  const locked = await tx.rows(sql`
    select from ${tx.tables.user.name} u
    where u.id = ${user.id} and u.email_canonical = ${user.address}
      and u.delete_after <= ${tx.now} and u.deleted_at is null
    for update skip locked`)
  if (locked.length === 0) return false
  await eraseUser(tx, user)
  return true
}
