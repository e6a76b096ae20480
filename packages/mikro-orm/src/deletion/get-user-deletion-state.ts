import type { CanonicalEmail } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { milliseconds, sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { type DeletionBlocker, type GoesAlong, runBlocksDeletion, runGoesAlong } from '../hooks.ts'
import type { Runtime } from '../runtime.ts'
import { stepOf } from '../sessions/session.ts'
import { dueAt } from './due-at.ts'

/** What the pages about the deletion of an account show. */
export interface UserDeletionState {
  /** From when on it is due: as asked for, or if it were asked for now. */
  deleteAfter: Date
  /** It was asked for, and this sign-in can take it back. */
  isScheduled: boolean
  /** What keeps it from being asked for. */
  blockers: readonly DeletionBlocker[]
  /** What would be deleted along with the account. */
  goesAlong: readonly GoesAlong[]
}

/**
 * What would become of the signed-in user's account if its deletion were asked for, or what is to become of it where it was.
 *
 * @returns `null` for strangers, and for sign-ins that wait for another step.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const getUserDeletionState = defineFlow(
  {
    name: 'getUserDeletionState',
    principal: 'enrolment',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, { session }: Caller): Promise<UserDeletionState | null> => {
    const step = session && stepOf(session)
    if (session === null || (step !== null && step !== 'reactivation')) return null
    return inTransaction(runtime, async (tx) => {
      const { userId } = session
      const [row] = await tx.rows<{ dueAt: number; isScheduled: boolean; address: CanonicalEmail }>(sql`
        select ${milliseconds(sql`coalesce(u.delete_after, ${dueAt(runtime, tx.now)})`)} as "dueAt",
          u.delete_after is not null as "isScheduled", u.email_canonical as address
        from ${tx.tables.user.name} u where u.id = ${userId}`)
      if (!row) return null
      const { isScheduled, address } = row
      const state = { deleteAfter: new Date(row.dueAt), isScheduled }
      if (isScheduled) return { ...state, blockers: [], goesAlong: [] }
      const blockers = await runBlocksDeletion(tx, { userId, address })
      return { ...state, blockers, goesAlong: await runGoesAlong(tx, { userId, address }) }
    })
  },
)
