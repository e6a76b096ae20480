import { type Brand, SigraError } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { inUndoableTransaction } from '../database/undoable.ts'
import type { Runtime } from '../runtime.ts'
import { isAlive, isPresented, mayHaveSession, mayWrite } from './living-session.ts'
import type { ResolvedSession } from './session.ts'

/**
 * A session that may go on in this very transaction: only `continueSession` makes one, and everything that continues,
 * renews, raises or ends a session as its own, or acts in its name, takes one. It is worth nothing in another transaction.
 */
export type ContinuedSession = Brand<ResolvedSession, 'ContinuedSession'>

/**
 * The session a request came with has gone on under another token since, has ended, or its user may have none. Nothing was
 * done. The edge sets no cookie, not even to take one away, and has the page asked for anew: the browser may hold a newer
 * cookie by now.
 */
export class SessionOvertaken extends SigraError {
  override readonly name = 'SessionOvertaken'
  readonly code = 'SIGRA_SESSION_OVERTAKEN'

  constructor() {
    super('The session was renewed, ended, or its user disabled or to be deleted, after the request had come')
  }
}

/**
 * Who may continue a session: whoever presented the token it still goes by, while it is alive and its user enabled. Whatever
 * goes on as one changes something, so that its time to write is asked again: it may have run out since the request came.
 * The user first and then the session are held until the commit, so that a reset, a sign-in, another change or an operator
 * comes wholly before this transaction or wholly after.
 *
 * @returns `null` for everybody else.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function continueSession(
  tx: Transaction,
  session: ResolvedSession,
): Promise<ContinuedSession | null> {
  const { user, userSession } = tx.tables
  const enabled = await tx.rows(sql`
    select from ${user.name} u
    where u.id = ${session.userId} and ${mayHaveSession(tx.now, sql`${session.awaiting}::text`)} for no key update`)
  if (enabled.length === 0) return null
  // A statement of its own: what waited for the user's row now sees what its former holder did.
  const presented = await tx.rows(sql`
    select from ${userSession.name} s
    where ${isPresented(session)} and ${isAlive(tx.runtime, tx.now)} and ${mayWrite(tx.now)} for no key update`)
  return presented.length === 0 ? null : (session as ContinuedSession)
}

/**
 * Runs `work` in a transaction that goes on as a session, or not at all. It can be undone as `inUndoableTransaction` can.
 *
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` for whoever may not continue the session: nothing was done.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function inSessionTransaction<T, R = never>(
  runtime: Runtime,
  session: ResolvedSession,
  work: (tx: Transaction, own: ContinuedSession, undo: (result: R) => never) => Promise<T>,
): Promise<T | R> {
  return inUndoableTransaction<T, R>(runtime, async (tx, undo) => {
    const own = await continueSession(tx, session)
    if (own === null) throw new SessionOvertaken()
    return work(tx, own, undo)
  })
}

/**
 * Ends a session from within: the cookie goes when the transaction has committed.
 *
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when this transaction gave it another token or ended it before.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function endOwnSession(tx: Transaction, caller: Caller, own: ContinuedSession): Promise<void> {
  const ended = await tx.rows(sql`
    delete from ${tx.tables.userSession.name} s where ${isPresented(own)} returning 1`)
  if (ended.length === 0) throw new SessionOvertaken()
  tx.afterCommit(() => caller.effects.clearSession())
}
