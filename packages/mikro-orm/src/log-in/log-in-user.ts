import { normalizePassword, parseEmail } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { hideIdentifier } from '../audit/unknown-identifier.ts'
import type { Caller } from '../caller.ts'
import { inTransaction } from '../database/transaction.ts'
import { completeSignIn } from '../door/complete-sign-in.ts'
import { provePassword } from '../door/proof.ts'
import type { SignInOutcome } from '../door/sign-in.ts'
import { type Busy, type Limited, orBusy, type SignInSuccess } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { type Charge, chargeLimits } from '../limits/charge-limits.ts'
import { bucketRefund } from '../limits/charge-target.ts'
import { clientCharges } from '../limits/client-charges.ts'
import { type Guess, type Taken, withGuess } from '../limits/guess.ts'
import { networkOf } from '../limits/network.ts'
import { recordRateLimited } from '../limits/record-rate-limited.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { acceptPassword } from './accept-password.ts'
import { blockPassword } from './block-password.ts'
import { attemptRefund, type ReservedAttempt, reserveAttempt } from './reserve-attempt.ts'
import { upgradeHash } from './upgrade-hash.ts'

export interface LogInInput {
  email: unknown
  password: unknown
  /** A cookie that outlives the browser's window. @default false */
  rememberMe?: boolean | undefined
  /** Not used here: the edge checks it where it redirects. */
  redirectTo?: unknown
}

export type LogInResult =
  | SignInSuccess
  /** Unknown, wrong, unconfirmed, locked, deleted: one answer. */
  | { ok: false; reason: 'invalid-credentials' }
  /** Said only to who knows the password. */
  | { ok: false; reason: 'disabled' }
  | Limited
  | Busy

interface Identity {
  /** `null` where what was typed is no address. */
  canonical: ReturnType<typeof canonicalOf>
  typed: string
}

interface Verdict {
  isRight: boolean
  upgrade: string | null
}

const invalid: LogInResult = { ok: false, reason: 'invalid-credentials' }

/**
 * Signs someone in by password. Limits, the count of the attempt, the comparison and the sign-in are four steps:
 * the first two commit by themselves, no connection is held while the password is compared, and the last is one
 * transaction.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer: nobody gets in.
 */
export const logInUser = defineFlow(
  {
    name: 'logInUser',
    principal: 'visitor',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'auth.log_in',
  },
  async (runtime: Runtime, caller: Caller, input: LogInInput): Promise<LogInResult> =>
    withGuess(runtime, async (guess) => {
      const identity = readIdentity(input.email)
      const account = accountCharge(runtime, caller, identity)
      const limited = await chargeSignIn(runtime, caller, identity, account)
      if (limited) return limited
      const token = guess.take(bucketRefund(runtime, account))

      // Too long or unreadable: wrong for everybody alike, before anything is looked up or hashed.
      const password = normalizePassword(input.password)
      if (password === null) {
        guess.wasWrong()
        return fail(runtime, caller, identity, { userId: null, reason: 'unreadable' })
      }
      const remembered = input.rememberMe === true
      const entry = { runtime, caller, identity, password, remembered, guess, account, token }
      const result = await tryPassword(entry)
      if (result !== 'overtaken') return result
      // Against what is stored now; a password that somebody has changed meanwhile is simply wrong there.
      const again = await tryPassword(entry)
      return again === 'overtaken' ? invalid : again
    }),
)

interface Entry {
  runtime: Runtime
  caller: Caller
  identity: Identity
  password: string
  remembered: boolean
  guess: Guess
  /** The account's bucket, and the token that was taken from it. */
  account: Charge
  token: Taken
}

/** @returns `overtaken` when the password was right, but what it was compared with was replaced before the door. */
async function tryPassword(entry: Entry): Promise<LogInResult | 'overtaken'> {
  const { runtime, caller, identity, guess } = entry
  const reservation = await reserveAttempt(runtime, caller, identity)
  if (!reservation.ok) return backOff(runtime, caller, identity, reservation.retryAfterSeconds)
  const { attempt } = reservation
  const counted = guess.take(attemptRefund(runtime, caller, attempt))

  const verdict = await compare(runtime, attempt, entry.password)
  if ('reason' in verdict) return verdict
  if (!verdict.isRight) {
    guess.wasWrong()
    return refuse(runtime, caller, identity, attempt)
  }
  const result = await signIn(entry, attempt, counted, verdict)
  if (result === 'overtaken') await counted.giveBack() // it was no guess
  return result
}

function readIdentity(typed: unknown): Identity {
  return { canonical: canonicalOf(typed), typed: typeof typed === 'string' ? typed.slice(0, 1024) : '' }
}

function canonicalOf(typed: unknown) {
  return parseEmail(typed)?.canonical ?? null
}

/** Keyed on what was typed: an unknown account is limited like a known one. */
function accountCharge(runtime: Runtime, caller: Caller, { canonical, typed }: Identity): Charge {
  const subject = JSON.stringify([canonical ?? typed, networkOf(caller.clientAddress)])
  return { name: 'sign-in.account', subject, bucket: runtime.policy.limits.target.signIn }
}

async function chargeSignIn(
  runtime: Runtime,
  caller: Caller,
  identity: Identity,
  account: Charge,
): Promise<Limited | null> {
  const { client } = runtime.policy.limits
  const network = clientCharges(caller, 'sign-in.client', client.signIn, identity.canonical)
  const charged = await chargeLimits(runtime, [...network, account], caller)
  return charged.ok ? null : charged
}

async function backOff(
  runtime: Runtime,
  caller: Caller,
  identity: Identity,
  retryAfterSeconds: number,
): Promise<Limited> {
  const subject = JSON.stringify([identity.canonical ?? identity.typed, networkOf(caller.clientAddress)])
  await recordRateLimited(runtime, caller, { name: 'failed-password', subject })
  return { ok: false, reason: 'limited', retryAfterSeconds }
}

/** Exactly one hash of current cost, whoever asks and whatever is stored. */
async function compare(
  runtime: Runtime,
  attempt: ReservedAttempt,
  password: string,
): Promise<Verdict | Busy> {
  const verified = await orBusy(runtime.hasher.verify(attempt.hashedPassword, password, placeOf(attempt)))
  if ('reason' in verified) return verified
  return { isRight: verified.ok && attempt.mayTry, upgrade: verified.upgrade }
}

/** In a crowd of strangers a known browser still finds a place. */
function placeOf({ browser, userId }: ReservedAttempt): UserId | null {
  return browser === 'known' ? userId : null
}

async function refuse(
  runtime: Runtime,
  caller: Caller,
  identity: Identity,
  attempt: ReservedAttempt,
): Promise<LogInResult> {
  const reason = attempt.userId === null ? 'unknown' : attempt.mayTry ? 'wrong-password' : 'locked'
  return fail(runtime, caller, identity, { userId: attempt.userId, reason, browser: attempt.browser })
}

async function fail(
  runtime: Runtime,
  caller: Caller,
  identity: Identity,
  failure: { userId: UserId | null; reason: string; browser?: 'known' | 'unknown' },
): Promise<LogInResult> {
  await inTransaction(runtime, async (tx) => {
    await recordAuditEvent(tx, caller, {
      action: 'auth.log_in_failed',
      outcome: failure.reason === 'locked' ? 'denied' : 'failure',
      actorId: null,
      subjectId: failure.userId,
      metadata: {
        method: 'password',
        reason: failure.reason,
        ...(failure.browser ? { browser: failure.browser } : {}),
        ...(failure.userId === null
          ? { identifier: hideIdentifier(runtime, identity.canonical ?? identity.typed) }
          : {}),
      },
    })
    // For an address that nobody has too: it takes as many statements to be refused as one that somebody has.
    if (failure.browser === 'unknown') await blockPassword(tx, caller, failure.userId)
  })
  return invalid
}

async function signIn(
  { runtime, caller, remembered, guess, account, token }: Entry,
  attempt: ReservedAttempt,
  counted: Taken,
  verdict: Verdict,
): Promise<LogInResult | 'overtaken'> {
  const { userId, hashedPassword } = attempt
  if (userId === null || hashedPassword === null) return invalid // nothing stored is never right; for the compiler
  return inTransaction(runtime, async (tx) => {
    const proof = provePassword(userId, hashedPassword)
    const result = await completeSignIn(tx, caller, proof, {
      method: 'password',
      remembered,
      metadata: { browser: attempt.browser },
    })
    // Whoever is refused as unconfirmed or changed stays counted, like a wrong password.
    const isAccepted = result.outcome !== 'refused' || result.reason === 'disabled'
    if (isAccepted) {
      await acceptPassword(tx, attempt, account)
      tx.afterCommit(() => [counted, token].forEach((each) => each.settle()))
    }
    if (isAccepted && verdict.upgrade !== null) {
      await upgradeHash(tx, caller, { userId, former: hashedPassword, stronger: verdict.upgrade })
    }
    // Two sign-ins at once while a stronger hash is due: the other has just stored it.
    const isChanged = result.outcome === 'refused' && result.reason === 'changed'
    const isOvertaken = isChanged && verdict.upgrade !== null
    if (!isAccepted && !isOvertaken) tx.afterCommit(() => guess.wasWrong())
    return isOvertaken ? 'overtaken' : answer(result)
  })
}

function answer(result: SignInOutcome): LogInResult {
  if (result.outcome === 'refused')
    return result.reason === 'disabled' ? { ok: false, reason: 'disabled' } : invalid
  return { ok: true, outcome: result.outcome, userId: result.userId }
}
