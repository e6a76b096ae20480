import type { UserId } from '../context.ts'
import { type Sql, sql } from '../database/sql.ts'

/** RFC 8176 names of what was proven. */
export type ProofMethod = 'pwd'

/** What a flow has verified about who is in front of it. The door opens for nothing else. */
export interface Proof {
  readonly userId: UserId
  readonly amr: readonly ProofMethod[]
  readonly aal: 1 | 2
  /**
   * What must still be true of the user's row, named `u`, when the door opens: time has passed since the proof, and
   * a password may have been reset meanwhile.
   */
  readonly stillHolds: Sql
}

const genuine = new WeakSet<Proof>()

class VerifiedProof implements Proof {
  readonly userId: UserId
  readonly amr: readonly ProofMethod[]
  readonly aal: 1 | 2
  readonly stillHolds: Sql

  constructor(proof: Proof) {
    this.userId = proof.userId
    this.amr = Object.freeze([...proof.amr])
    this.aal = proof.aal
    this.stillHolds = proof.stillHolds
    genuine.add(this)
  }
}

/**
 * The password of `userId` was right, checked against `hashedPassword`. Only the log-in flow may say so: a test
 * lists who imports this.
 */
export function provePassword(userId: UserId, hashedPassword: string): Proof {
  const stillHolds = sql`u.hashed_password = ${hashedPassword}`
  return new VerifiedProof({ userId, amr: ['pwd'], aal: 1, stillHolds })
}

/** Whether a proof was made in this module; an object that only looks like one opens nothing. */
export function isGenuine(proof: Proof): boolean {
  return genuine.has(proof)
}
