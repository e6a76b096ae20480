import { Overloaded } from '@sigra/core'
import type { SignInStage } from './sessions/sign-in-steps.ts'
import type { UserId } from './user-id.ts'

/** The door let somebody through, to a full session or to the step it still asks for. */
export interface SignInSuccess {
  ok: true
  outcome: SignInStage
  userId: UserId
}

/** The door stayed shut for a sign-in that goes on: it is over, or its account is. */
export type TurnedAway = { ok: false; reason: 'session-ended' } | { ok: false; reason: 'disabled' }

/** Too many tries. The edge answers 429 with `Retry-After`. */
export interface Limited {
  ok: false
  reason: 'limited'
  retryAfterSeconds: number
}

/** More passwords wait to be hashed than can be. The edge answers 503 with `Retry-After`. */
export interface Busy {
  ok: false
  reason: 'busy'
  retryAfterSeconds: number
}

/** Why somebody cannot choose a password. Lengths are in code points. */
export type PasswordReason =
  | { reason: 'too-short'; minLength: number }
  | { reason: 'too-long'; maxLength: number }
  | { reason: 'too-common' }
  /** It holds the name of the app, of its domain, or a part of the address. */
  | { reason: 'contains-own-words' }
  | { reason: 'breached' }
  /** NUL, half a surrogate pair, or no text at all. */
  | { reason: 'unusable-characters' }

/** Why a field was refused, with the number that a sentence about it needs. The sentence is the app's. */
export type FieldReason =
  | PasswordReason
  | { reason: 'not-an-email-address' }
  /** The app takes addresses of these domains alone. */
  | { reason: 'other-domain'; domains: readonly string[] }
  /** It is the address they have, perhaps in another spelling. */
  | { reason: 'same-address' }
  /** It has to be the address of the account. */
  | { reason: 'not-your-address' }
  | { reason: 'not-your-password' }
  | { reason: 'same-password' }

/** A reason of ours, or a sentence of the host's own. */
export type FieldError = FieldReason | string

/** Reasons by field. */
export type FieldErrors<Field extends string = string> = Partial<Record<Field, FieldError[]>>

/** What was typed cannot be used, field by field. */
export interface Invalid<Field extends string> {
  ok: false
  reason: 'invalid'
  errors: FieldErrors<Field>
}

/** The session is over, by its age or by too many guesses from inside it: log in again. */
export interface SessionEnded {
  ok: false
  reason: 'session-ended'
}

/** Nothing is attached to an address that was never proven. */
export interface Unconfirmed {
  ok: false
  reason: 'unconfirmed'
}

/** What a mailed link or code came to. */
export type MailSignInResult =
  | (SignInSuccess & {
      /** Where the person wanted to go when they asked for the mail. Check it where it is used. */
      redirectTo: string | null
      /** The account had been registered in another browser, with a password nobody had proven: it is gone. */
      isPasswordRemoved: boolean
    })
  /** Unknown, used, expired, another browser's: one answer. */
  | { ok: false; reason: 'invalid' }
  /** Said only to who holds the mail. */
  | { ok: false; reason: 'disabled' }

/** An address is confirmed. */
export interface Confirmed {
  ok: true
  /** What the door said in the browser that registered; `null`: the confirmation signed nobody in. */
  outcome: SignInSuccess['outcome'] | null
  /** Where the person wanted to go when they registered. Check it where it is used. */
  redirectTo: string | null
}

/** The address is confirmed, and the account may not sign in. Said only to who holds the mail. */
export interface ConfirmedDisabled {
  ok: false
  reason: 'disabled'
}

/** What a mailed link and a new password came to. */
export type SetPasswordResult =
  { ok: true } | Invalid<'password'> | { ok: false; reason: 'invalid-token' } | Limited | Busy

/** What somebody needs to put a seed into their authenticator app. Secret: for its owner's eyes, never for a log. */
export interface TotpEnrolment {
  /** What the QR code says. */
  uri: string
  /** The same seed for typing, in groups of four. */
  key: string
}

/** Turns a full hash queue into a value; every other error passes. */
export async function orBusy<T>(work: Promise<T>): Promise<T | Busy> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Overloaded)) throw error
    return { ok: false, reason: 'busy', retryAfterSeconds: error.retryAfterSeconds }
  }
}
