import { type CanonicalEmail, ConfigInvalid, createSessionToken, hashSessionToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { isGone } from '../deletion/gone.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import { outcomeOf } from '../sessions/sign-in-steps.ts'
import {
  createTrustToken,
  hashTrustFamily,
  hashTrustToken,
  succeedTrustToken,
  type TrustToken,
} from '../sessions/trust-token.ts'
import { type InsertedSession, insertSession } from './insert-session.ts'
import { isGenuine, type Proof } from './proof.ts'
import { recordSignIn } from './record-sign-in.ts'
import { endReusedTrust, type ShownTrust } from './reused-trust.ts'
import type { SignInOptions, SignInOutcome } from './sign-in.ts'

interface UserState {
  address: CanonicalEmail
  confirmed: boolean
  disabled: boolean
}

/**
 * The door: the only way to a session. Looks at the user's state under a lock, in a fixed order (confirmed, disabled,
 * second factor, enrolment, password change, a deletion to take back, consent, what areas ask for), writes either a full session or one that
 * waits for the next step, and the audit line of it. This browser's former session ends either way; cookies are set when
 * the transaction has committed.
 *
 * @returns `refused` with `changed` when the user is gone or the proof no longer holds. No session was written then.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for a proof that no flow made.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function completeSignIn(
  tx: Transaction,
  caller: Caller,
  proof: Proof,
  options: SignInOptions,
): Promise<SignInOutcome> {
  if (!isGenuine(proof))
    throw new ConfigInvalid('completeSignIn takes a proof made by the flow that verified it')

  const state = await lockUser(tx, proof)
  const refusal = findRefusal(tx, state)
  if (!state || refusal) {
    const refused = { outcome: 'refused', reason: refusal ?? 'changed' } as const
    await recordSignIn(tx, caller, proof.userId, refused, options)
    return refused
  }
  const token = createSessionToken()
  const fresh = createTrustToken()
  const browserHash = browserHashOf(caller)
  const trusted = trustOf(tx, caller, fresh, options)
  const owner = { userId: proof.userId, address: state.address }
  await endReusedTrust(tx, caller, owner, trusted.shown, browserHash)
  const session = await insertSession(tx, caller, {
    proof,
    tokenHash: hashSessionToken(token),
    browserHash,
    remembered: options.remembered,
    trust: trusted,
  })
  const { awaiting, maxAgeSeconds } = session
  tx.afterCommit(() => {
    caller.effects.setSession(token, {
      remembered: options.remembered,
      maxAgeSeconds,
      signedIn: proof.userId,
    })
    rotateTrust(tx, caller, session, trusted.isAsked ? fresh : null)
  })
  const result = {
    outcome: outcomeOf(tx.runtime, awaiting),
    userId: proof.userId,
    sessionId: session.id,
  } as const
  await recordSignIn(tx, caller, proof.userId, { ...result, session, address: state.address }, options)
  return result
}

/** Locked until the commit: whoever resets, disables or deletes meanwhile comes wholly before or wholly after. */
async function lockUser(tx: Transaction, proof: Proof): Promise<UserState | undefined> {
  const [state] = await tx.rows<UserState>(sql`
    select u.email_canonical as address, u.confirmed_at is not null as confirmed,
      u.disabled_at is not null as disabled
    from ${tx.tables.user.name} u
    where u.id = ${proof.userId} and ${proof.stillHolds} and not ${isGone(tx.now)}
    for no key update`)
  return state
}

function findRefusal(
  tx: Transaction,
  state: UserState | undefined,
): 'changed' | 'unconfirmed' | 'disabled' | null {
  if (!state) return 'changed'
  if (tx.runtime.policy.requireConfirmation && !state.confirmed) return 'unconfirmed'
  return state.disabled ? 'disabled' : null
}

function trustOf(tx: Transaction, caller: Caller, fresh: TrustToken, options: SignInOptions) {
  const { enabled } = tx.runtime.policy.trustedBrowser
  return {
    shown:
      enabled && options.acceptTrust !== false
        ? caller.trustTokens.map((token) => describeTrust(tx, token))
        : [],
    fresh: { hash: hashTrustToken(fresh), familyHash: hashTrustFamily(fresh) },
    isAsked: enabled && options.trustBrowser === true,
  }
}

function describeTrust({ runtime }: Transaction, token: TrustToken): ShownTrust {
  return {
    hash: hashTrustToken(token),
    familyHash: hashTrustFamily(token),
    nextHash: hashTrustToken(succeedTrustToken(runtime.ring, token)),
  }
}

/**
 * A trust that was used or asked for gets a new value in the place of all that this account had here: one that stayed
 * would be taken for a copy later. Those of other accounts in this browser stay.
 */
function rotateTrust(
  tx: Transaction,
  caller: Caller,
  session: InsertedSession,
  fresh: TrustToken | null,
): void {
  if (!session.isTrusted) return
  const used = caller.trustTokens.find((token) => isEqual(session.trustedBy, hashTrustToken(token)))
  const next = fresh ?? (used && succeedTrustToken(tx.runtime.ring, used))
  if (!next) return
  const others = caller.trustTokens.filter((token) => !isEqual(session.formerFamily, hashTrustFamily(token)))
  caller.effects.setTrusted([next, ...others].slice(0, tx.runtime.policy.trustedBrowser.maxPerBrowser))
}

function isEqual(stored: Uint8Array | null, hash: Uint8Array): boolean {
  return stored !== null && Buffer.from(stored).equals(hash)
}
