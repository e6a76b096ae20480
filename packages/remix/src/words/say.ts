import type { Busy, FieldReason, Limited } from '@sigra/mikro-orm'
import type { FormReason } from '../forms/form-entries.ts'
import type { FormError } from '../forms/parse-form.ts'
import { tellOnce, warn } from './development.ts'

export type { FieldReason, FormError, FormReason }

/** Why something was refused, with the numbers that a sentence about it needs. */
interface Reason {
  readonly reason: string
}

/**
 * Everything that functions of an account refuse with, without those of areas; `invalid` also where it has reasons by
 * field. Written out, and compared with what the functions say by a test: derived, every app would work it out again.
 */
export type AccountRefusal =
  | Pick<Limited, 'reason' | 'retryAfterSeconds'>
  | Pick<Busy, 'reason' | 'retryAfterSeconds'>
  | {
      reason:
        | 'already-used'
        | 'blocked'
        | 'changed'
        | 'deletion-blocked'
        | 'disabled'
        | 'ended'
        | 'gone'
        | 'invalid'
        | 'invalid-credentials'
        | 'invalid-token'
        | 'needs-older-factor'
        | 'no-factor'
        | 'no-tries-left'
        | 'not-accepted'
        | 'not-active'
        | 'not-approved'
        | 'not-enrolled'
        | 'not-wanted'
        | 'other-browser'
        | 'registration-closed'
        | 'required'
        | 'session-ended'
        | 'taken'
        | 'unchanged'
        | 'unconfirmed'
        | 'unknown'
        | 'wrong'
        | 'wrong-code'
        | 'wrong-password'
    }

/** The members of the union that have this reason: some have several. */
type With<R extends Reason, Key extends string> = R extends unknown
  ? Key extends R['reason']
    ? R
    : never
  : never

/**
 * A sentence for each reason; a function where it needs a number. `satisfies` this, and a reason that an upgrade brings
 * does not compile until it has its sentence. `Elsewhere`: the reasons that have theirs in another folder.
 */
export type SentencesFor<R extends Reason, Elsewhere extends PropertyKey = never> = {
  [Key in Exclude<R['reason'], Elsewhere>]: string | ((refusal: With<R, Key>) => string)
}

/** Sentences by reason, of whatever unions they are. (Written as a method: each takes its own reason.) */
type Sentences = Readonly<Record<string, string | { say(refusal: Reason): string }['say']>>

const told = new Set<string>()

/**
 * A reason in words; a sentence of the app's own is itself.
 *
 * @param otherwise For a reason that has no sentence, of a newer version of the library for example. In development it
 *   is told once.
 * @param tell Who is told. @default a warning of the process
 */
export function say(
  sentences: Sentences,
  error: FormError,
  otherwise: string,
  tell: (sentence: string) => void = warn,
): string {
  if (typeof error === 'string') return error
  const { reason } = error
  const sentence = Object.hasOwn(sentences, reason) ? sentences[reason] : undefined
  if (sentence !== undefined) return typeof sentence === 'string' ? sentence : sentence(error)
  tellOnce(told, `There is no sentence for the reason "${reason}": people read "${otherwise}"`, tell)
  return otherwise
}
