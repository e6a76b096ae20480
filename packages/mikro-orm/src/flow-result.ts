import { Overloaded } from '@sigra/core'
import type { UserId } from './context.ts'
import type { PasswordReason } from './passwords/check-new-password.ts'

/** The door let somebody through, to a full session or to the step it still asks for. */
export interface SignInSuccess {
  ok: true
  outcome:
    'signed-in' | 'second-factor-required' | 'second-factor-enrolment-required' | 'password-change-required'
  userId: UserId
}

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

/** Why a field was refused, with the number that a sentence about it needs. The sentence is the app's. */
export type FieldReason =
  | PasswordReason
  | { reason: 'not-an-email-address' }
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

/** Turns a full hash queue into a value; every other error passes. */
export async function orBusy<T>(work: Promise<T>): Promise<T | Busy> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Overloaded)) throw error
    return { ok: false, reason: 'busy', retryAfterSeconds: error.retryAfterSeconds }
  }
}
