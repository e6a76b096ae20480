import { say, type FormError } from '@sigra/remix/words'
import { words as accounts } from './accounts/words.ts'
import { words as passkeys } from './passkeys/words.ts'

/** Why something was refused, of all folders. */
const reasons = {
  ...accounts.reasons,
  ...passkeys.reasons,
}

/** A reason of the library in a sentence; a sentence of ours is itself. */
export function inWords(error: FormError): string {
  return say(reasons, error, accounts.unknownReason)
}
