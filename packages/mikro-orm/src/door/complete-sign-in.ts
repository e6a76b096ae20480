import { ConfigInvalid, createSessionToken, hashSessionToken } from '@sigra/core'
import type { FlowContext, UserId } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { hashBrowserToken } from '../sessions/browser-token.ts'
import type { Awaiting } from '../sessions/resolve-session.ts'
import { isGenuine, type Proof } from './proof.ts'
import { insertSession } from './insert-session.ts'

export type SignInOutcome =
  | { outcome: 'signed-in'; userId: UserId; sessionId: string }
  | {
      outcome: 'second-factor-required' | 'second-factor-enrolment-required' | 'password-change-required'
      userId: UserId
      sessionId: string
    }
  | { outcome: 'refused'; reason: 'changed' | 'unconfirmed' | 'disabled' }

interface UserState {
  confirmed: boolean
  disabled: boolean
  requireSecondStep: boolean
  mustChangePassword: boolean
}

const outcomes = {
  'second-factor': 'second-factor-required',
  enrolment: 'second-factor-enrolment-required',
  'password-change': 'password-change-required',
} as const

/**
 * The door: the only way to a session. Looks at the user's state under a lock, in a fixed order, and writes either a
 * full session or one that waits for the next step. This browser's former session ends either way; the cookie is
 * set when the transaction has committed.
 *
 * @returns `refused` with `changed` when the user is gone or the proof no longer holds. Nothing was written then.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for a proof that no flow made.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function completeSignIn(
  tx: Transaction,
  ctx: FlowContext,
  proof: Proof,
  options: { remembered: boolean },
): Promise<SignInOutcome> {
  if (!isGenuine(proof))
    throw new ConfigInvalid('completeSignIn takes a proof made by the flow that verified it')

  const state = await lockUser(tx, proof)
  if (!state) return { outcome: 'refused', reason: 'changed' }
  if (tx.runtime.policy.requireConfirmation && !state.confirmed) {
    return { outcome: 'refused', reason: 'unconfirmed' }
  }
  if (state.disabled) return { outcome: 'refused', reason: 'disabled' }

  const awaiting = nextStep(state, proof)
  const token = createSessionToken()
  const { sessionId, maxAgeSeconds } = await insertSession(tx, ctx, {
    userId: proof.userId,
    tokenHash: hashSessionToken(token),
    browserHash: ctx.browserToken === null ? null : hashBrowserToken(ctx.browserToken),
    amr: proof.amr,
    aal: proof.aal,
    awaiting,
    remembered: options.remembered,
  })
  tx.afterCommit(() => ctx.effects.setSession(token, { remembered: options.remembered, maxAgeSeconds }))
  return awaiting === null
    ? { outcome: 'signed-in', userId: proof.userId, sessionId }
    : { outcome: outcomes[awaiting], userId: proof.userId, sessionId }
}

/** Locked until the commit: whoever resets, disables or deletes meanwhile comes wholly before or wholly after. */
async function lockUser(tx: Transaction, proof: Proof): Promise<UserState | undefined> {
  const [state] = await tx.rows<UserState>(sql`
    select u.confirmed_at is not null as confirmed, u.disabled_at is not null as disabled,
      u.require_second_step as "requireSecondStep", u.must_change_password as "mustChangePassword"
    from ${tx.tables.user.name} u
    where u.id = ${proof.userId} and ${proof.stillHolds}
    for no key update`)
  return state
}

/** The order is the contract's: second factor, enrolment, password change. */
function nextStep(state: UserState, proof: Proof): Awaiting | null {
  // A factor to challenge comes with the second factors; whoever is obliged and has none enrols first.
  if (state.requireSecondStep && proof.aal < 2) return 'enrolment'
  return state.mustChangePassword ? 'password-change' : null
}
