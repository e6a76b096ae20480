import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import type { SignInSuccess, TurnedAway } from '../flow-result.ts'
import type { ContinuedSession } from '../sessions/continue-session.ts'
import { putBeside } from './companion.ts'
import { completeSignIn } from './complete-sign-in.ts'
import { type Proof, takeSessionProof } from './proof.ts'
import type { SignInOptions } from './sign-in.ts'

export interface ResumeOptions extends Omit<SignInOptions, 'remembered'> {
  /** What changes with it, when the session's row is taken and before the door looks at the user. */
  meanwhile?: () => Promise<unknown>
}

/**
 * A sign-in whose step is done, or a session that is raised, goes through the door again: its row is taken, so that of
 * any number of parallel calls one goes on. It is remembered as it was, and keeps what areas kept beside it.
 *
 * @param factor What was just verified; `null` where the step was no factor (a changed password, kept codes).
 * @returns the door's outcome. Where it stays shut the row is gone all the same, and the cookie that leads nowhere.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for a factor that no flow verified, or that is somebody else's.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when it was taken already.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function resumeSignIn(
  tx: Transaction,
  caller: Caller,
  own: ContinuedSession,
  factor: Proof | null,
  { meanwhile, ...options }: ResumeOptions,
): Promise<SignInSuccess | TurnedAway> {
  const { proof, remembered, taken } = await takeSessionProof(tx, own, factor)
  await meanwhile?.()
  const opened = await completeSignIn(tx, caller, proof, { ...options, remembered })
  if (opened.outcome !== 'refused') {
    await putBeside(tx, opened.sessionId, taken)
    return { ok: true, outcome: opened.outcome, userId: own.userId }
  }
  tx.afterCommit(() => caller.effects.clearSession())
  return { ok: false, reason: opened.reason === 'disabled' ? 'disabled' : 'session-ended' }
}
