import type { FlashOf } from '@sigra/remix'
import { words as accounts } from './accounts/words.ts'
// sigra:if passkeys
import { words as passkeys } from './passkeys/words.ts'
// sigra:end

/** Everything one page can leave for the next to say: the key travels, sealed, and what is said is found here. */
export const flashes = {
  ...accounts.flashes,
  // sigra:if passkeys
  ...passkeys.flashes,
  // sigra:end
}

export type Flash = FlashOf<typeof flashes>
