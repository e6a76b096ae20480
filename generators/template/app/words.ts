import { say, type FormError } from '@sigra/remix/words'
import { words as accounts } from './accounts/words.ts'
// sigra:if passkeys
import { words as passkeys } from './passkeys/words.ts'
// sigra:end

/** Why something was refused, of all folders. */
const reasons = {
  ...accounts.reasons,
  // sigra:if passkeys
  ...passkeys.reasons,
  // sigra:end
}

/** A reason of the library in a sentence; a sentence of ours is itself. */
export function inWords(error: FormError): string {
  return say(reasons, error, accounts.unknownReason)
}
