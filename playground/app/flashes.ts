import type { FlashOf } from '@sigra/remix'
import { accountFlashes } from './accounts/flashes.ts'
import { words as passkeys } from './passkeys/words.ts'

/** Everything one page can leave for the next to say: the key travels, sealed, and what is said is found here. */
export const flashes = {
  ...accountFlashes,
  ...passkeys.flashes,
}

export type Flash = FlashOf<typeof flashes>
