import type { FieldReason } from '@sigra/mikro-orm'
import type { Accounts } from '../accounts.ts'
import type { FormReason } from '../forms/form-entries.ts'
import type { FormError } from '../forms/parse-form.ts'
import type { ParsedJson } from '../forms/parse-json.ts'
import type { CeremonyProblem } from '../passkeys-client/explain-ceremony-error.ts'
import type { Passkeys } from '../passkeys.ts'
import { isDevelopment, warn } from './development.ts'

export type { CeremonyProblem, FieldReason, FormError, FormReason }

/** Why something was refused, with the numbers that a sentence about it needs. */
interface Reason {
  readonly reason: string
}

type RefusalOf<Context, Name extends keyof Context = keyof Context> = Name extends unknown
  ? Context[Name] extends (...args: never) => Promise<infer Result>
    ? Extract<Result, { ok: false }>
    : never
  : never

/** Everything that functions of an account refuse with, without those of passkeys. `invalid` has its reasons by field. */
export type AccountRefusal = Exclude<
  RefusalOf<Accounts, Exclude<keyof Accounts, keyof Passkeys>>,
  { errors: unknown }
>

/** What functions of passkeys refuse with, and `parseJson` before them. */
export type PasskeyRefusal = RefusalOf<Passkeys> | Extract<ParsedJson<unknown>, { ok: false }>

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

const MOST_TOLD = 100
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
  if (isDevelopment() && told.size < MOST_TOLD && !told.has(reason)) {
    told.add(reason)
    tell(`There is no sentence for the reason "${reason}": people read "${otherwise}"`)
  }
  return otherwise
}
