import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { factorsOf, isChallenged } from '../door/factors.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'

/** How somebody can prove again who they are: the strongest class they have, and nothing below it. */
export interface SudoState {
  /** The second step is on: only a second factor counts. */
  needsSecondFactor: boolean
  password: boolean
  totp: boolean
  /** Names of what areas bring: `passkey`. */
  areaFactors: readonly string[]
  /** Where there is neither a password nor anything that an area brings: six digits by mail. */
  emailCode: boolean
  /** What a backup code counts beside, to replace a lost second factor; `null` where there is none to lose or no code. */
  recovery: 'password' | 'mailed-code' | null
}

/**
 * What sudo asks of the signed-in user.
 *
 * @returns `null` for strangers and pending sign-ins.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const getSudoState = defineFlow(
  {
    name: 'getSudoState',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller): Promise<SudoState | null> => {
    const { session } = caller
    if (session?.awaiting !== null) return null
    const [row] = await statement<{
      challenged: boolean
      password: boolean
      totp: boolean
      areaFactors: string[]
      codes: boolean
    }>(
      runtime,
      sql`
      select ${isChallenged} as challenged, hashed_password is not null as password, has_totp as totp,
        area_factors as "areaFactors", has_codes as codes
      from (${factorsOf(runtime, session.userId)}) u`,
    )
    if (!row) return null
    const { challenged, password, totp, areaFactors, codes } = row
    return {
      needsSecondFactor: challenged,
      password: password && !challenged,
      totp: totp && challenged,
      areaFactors,
      emailCode: !challenged && !password && areaFactors.length === 0,
      recovery: challenged && codes ? (password ? 'password' : 'mailed-code') : null,
    }
  },
)
