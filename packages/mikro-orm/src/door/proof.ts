import { ConfigInvalid } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { type ContinuedSession, SessionOvertaken } from '../sessions/continue-session.ts'
import { isPresented } from '../sessions/living-session.ts'
import { type Taken, takenAlong } from './companion.ts'
import type { ProofMethod, Proven } from './proof-method.ts'
import type { UserId } from '../user-id.ts'

/** What a flow has verified about who is in front of it. The door opens for nothing else. */
export interface Proof extends Proven {
  readonly userId: UserId
  /**
   * What must still be true of the user's row, named `u`, when the door opens: time has passed since the proof, and
   * a password may have been reset meanwhile.
   */
  readonly stillHolds: Sql
  /** When, where that was an earlier request; `null`: just now. What waited for a step that proves nothing has aged meanwhile. */
  readonly provenAt: Date | null
}

const genuine = new WeakSet<Proof>()

class VerifiedProof implements Proof {
  readonly userId: UserId
  readonly amr: readonly ProofMethod[]
  readonly aal: 1 | 2
  readonly stillHolds: Sql
  readonly provenAt: Date | null

  constructor(userId: UserId, amr: readonly ProofMethod[], stillHolds: Sql, provenAt: Date | null = null) {
    this.userId = userId
    this.amr = Object.freeze([...new Set(amr)])
    this.aal = levelOf(amr)
    this.stillHolds = stillHolds
    this.provenAt = provenAt
    genuine.add(this)
  }
}

/**
 * The password of `userId` was right, checked against `hashedPassword`. Only the flows that compare passwords may say
 * so: a test lists who imports this.
 */
export function provePassword(userId: UserId, hashedPassword: string): Proof {
  return new VerifiedProof(userId, ['pwd'], sql`u.hashed_password = ${hashedPassword}`)
}

/** A mailed link or code of `userId` was used up, in the transaction that opens the door. */
export function proveEmail(userId: UserId): Proof {
  return new VerifiedProof(userId, ['email'], sql`true`)
}

/** What the browser that registered an account and now proves its mailbox stands on. */
export interface Registration {
  /** What is stored now. */
  hashedPassword: string | null
  /** Of the browser that registered: this one. */
  browserHash: Uint8Array
  /** The password is the one that registering stored, and it was typed a moment ago. */
  isPasswordFresh: boolean
}

/**
 * A mailed link or code of `userId` was used up, in the transaction that opens the door and in the browser that
 * registered. The password chosen there a moment ago counts beside the mailbox; an older one does not.
 */
export function proveRegistration(
  userId: UserId,
  { hashedPassword, browserHash, isPasswordFresh }: Registration,
): Proof {
  const isKnown = isPasswordFresh && hashedPassword !== null
  return new VerifiedProof(
    userId,
    isKnown ? ['email', 'pwd'] : ['email'],
    sql`u.hashed_password is not distinct from ${hashedPassword}
      and u.registration_browser_hash = ${browserHash}`,
  )
}

/** A code of `userId`'s authenticator app was accepted and its step spent, in the transaction that opens the door. */
export function proveTotp(userId: UserId): Proof {
  return new VerifiedProof(userId, ['otp'], sql`true`)
}

/** A backup code of `userId` was used up, in the transaction that opens the door. */
export function proveBackupCode(userId: UserId): Proof {
  return new VerifiedProof(userId, ['backup'], sql`true`)
}

/**
 * A passkey of `userId` answered a challenge that is spent in the transaction that opens the door. Without user
 * verification it is possession only (NIST SP 800-63B-4 §3.1.6): good for a second factor, not for two.
 */
export function provePasskey(userId: UserId, options: { userVerified: boolean }): Proof {
  return new VerifiedProof(userId, options.userVerified ? ['pop', 'user'] : ['pop'], sql`true`)
}

/** What another party says of somebody that it vouches for. */
export interface Vouched {
  /** What links the two, over the user's row `u`: where it has gone, nobody vouches any more. */
  stillLinked: Sql
  /** It saw two factors, by what the app takes for that. */
  mfaAsserted: boolean
}

/** Another party vouches for `userId`, who is linked to whom it knows. One factor of ours, whatever it was over there. */
export function proveIdentity(userId: UserId, { stillLinked, mfaAsserted }: Vouched): Proof {
  return new VerifiedProof(userId, mfaAsserted ? ['fed', 'fed-mfa'] : ['fed'], stillLinked)
}

/** What a session had proven, and how long its cookie was to live. */
export interface SessionProof {
  proof: Proof
  remembered: boolean
  /** What areas kept beside it. */
  taken: Taken
}

/**
 * Takes a session's proof out of its row, and the row with it, and adds a further factor: a pending sign-in whose step
 * is done, or a session that is to be raised, goes through the door again. Of any number of parallel calls at most one
 * gets the row.
 *
 * @param factor What was just verified; `null` where the step was no factor (a changed password).
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for a factor that no flow verified, or that is somebody else's.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when it was taken already.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function takeSessionProof(
  tx: Transaction,
  own: ContinuedSession,
  factor: Proof | null,
): Promise<SessionProof> {
  if (factor && !(isGenuine(factor) && factor.userId === own.userId)) {
    throw new ConfigInvalid(
      'A session is raised by a proof of its own user, made by the flow that verified it',
    )
  }
  const [row] = await tx.rows<{ amr: ProofMethod[]; remembered: boolean; taken: Taken }>(sql`
    delete from ${tx.tables.userSession.name} s where ${isPresented(own)}
    returning s.amr, s.remembered, ${takenAlong(tx.runtime)} as taken`)
  if (!row) throw new SessionOvertaken()
  const proof = new VerifiedProof(
    own.userId,
    [...row.amr, ...(factor?.amr ?? [])],
    factor?.stillHolds ?? sql`true`,
    factor === null ? own.authenticatedAt : null,
  )
  return { proof, remembered: row.remembered, taken: row.taken }
}

/** Whether a proof was made in this module; an object that only looks like one opens nothing. */
export function isGenuine(proof: Proof): boolean {
  return genuine.has(proof)
}

/** Two factors of different kinds, or what is two by itself: a passkey that verified its user, another party's two. */
function levelOf(amr: readonly ProofMethod[]): 1 | 2 {
  const has = (...methods: ProofMethod[]) => methods.some((method) => amr.includes(method))
  const isDouble = has('user', 'fed-mfa')
  return isDouble || (has('pwd', 'email', 'fed') && has('otp', 'backup', 'pop')) ? 2 : 1
}
