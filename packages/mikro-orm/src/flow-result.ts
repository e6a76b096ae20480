import { Overloaded } from '@sigra/core'
import type { UserId } from './context.ts'

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

/** What was typed cannot be used. The words stand beside their fields. */
export interface Invalid<Field extends string> {
  ok: false
  reason: 'invalid'
  errors: Partial<Record<Field, string[]>>
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
