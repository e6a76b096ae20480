import { normalizePassword } from '@sigra/core'
import { sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { factorsOf, isChallenged } from '../door/factors.ts'
import { type Busy, orBusy } from '../flow-result.ts'
import type { Runtime } from '../runtime.ts'
import { hashPlaceOf } from '../sessions/hash-place.ts'
import type { ResolvedSession } from '../sessions/session.ts'

export interface ComparedPassword {
  isRight: boolean
  /** The second step is on: the password alone is not what sudo asks. */
  isChallenged: boolean
  /** What is stored, for a change that must not overtake another one. */
  hashedPassword: string | null
  email: string
}

/**
 * Compares what a signed-in user typed with their password, by exactly one hash and with no connection held. Charge the
 * session's tries first.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function compareOwnPassword(
  runtime: Runtime,
  session: ResolvedSession,
  typed: unknown,
): Promise<ComparedPassword | Busy> {
  const [row] = await statement<Omit<ComparedPassword, 'isRight'>>(
    runtime,
    sql`select hashed_password as "hashedPassword", email, ${isChallenged} as "isChallenged"
      from (${factorsOf(runtime, session.userId)}) u`,
  )
  const { hashedPassword = null, email = '', isChallenged: challenged = true } = row ?? {}
  // What cannot be a password is wrong without a hash, for everybody alike.
  const password = normalizePassword(typed)
  const verified =
    password === null
      ? null
      : await orBusy(runtime.hasher.verify(hashedPassword, password, hashPlaceOf(session)))
  if (verified !== null && 'reason' in verified) return verified
  return { isRight: verified?.ok ?? false, isChallenged: challenged, hashedPassword, email }
}
