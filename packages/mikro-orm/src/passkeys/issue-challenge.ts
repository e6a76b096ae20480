import { type ChallengePurpose, createChallenge, Impossible, type PasskeyChallenge } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { milliseconds, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { hashBrowserToken } from '../sessions/browser-token.ts'
import type { UserId } from '../user-id.ts'
import { requirePasskeys } from './require-passkeys.ts'

export interface IssuedChallenge {
  challenge: PasskeyChallenge
  lifeSeconds: number
}

/**
 * Makes a challenge for this browser, by the database's clock. Nothing is written: a challenge is remembered when it
 * was answered.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 * @throws {Impossible} `SIGRA_IMPOSSIBLE` for a browser that was given no id before.
 */
export async function issueChallenge(
  runtime: Runtime,
  caller: Caller,
  purpose: ChallengePurpose,
  userId: UserId | null,
): Promise<IssuedChallenge> {
  if (caller.browserToken === null) throw new Impossible('a ceremony began in a browser without an id')
  const [row] = await statement<{ now: number }>(
    runtime,
    sql`select ${milliseconds(databaseNow(runtime))} as now`,
  )
  if (!row) throw new Impossible('a select without a from clause returns one row')
  const lifeSeconds = requirePasskeys(runtime).policy.challengeMinutes * 60
  const binding = { purpose, browserHash: hashBrowserToken(caller.browserToken), userId }
  const challenge = createChallenge(runtime.ring, binding, new Date(row.now), { lifeSeconds })
  return { challenge, lifeSeconds }
}
