import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { factorsOf, hasAreaFactor, isChallenged, isObligedByPolicy } from '../door/factors.ts'
import type { ResolvedSession } from '../sessions/session.ts'

/** What a user has and must have, read under their lock. */
export interface Factors {
  hasTotp: boolean
  /** One that an area brings: a passkey, for example. */
  hasAreaFactor: boolean
  hasCodes: boolean
  requiresSecondStep: boolean
  /** The host's policy demands two factors. */
  isObliged: boolean
  /** A sign-in with one factor is asked for another. */
  isChallenged: boolean
}

/** Lock the user first. */
export async function readFactors(tx: Transaction, { userId }: ResolvedSession): Promise<Factors> {
  const [row] = await tx.rows<Factors>(sql`
    select u.has_totp as "hasTotp", ${hasAreaFactor} as "hasAreaFactor", u.has_codes as "hasCodes",
      u.require_second_step as "requiresSecondStep", ${isObligedByPolicy(tx.runtime)} as "isObliged",
      ${isChallenged} as "isChallenged"
    from (${factorsOf(tx.runtime, userId)}) u`)
  return row ?? nothing
}

/** Of a user who is gone: every change then finds nothing to change. */
const nothing: Factors = {
  hasTotp: false,
  hasAreaFactor: false,
  hasCodes: false,
  requiresSecondStep: false,
  isObliged: false,
  isChallenged: false,
}
