import type { FlashOf } from '@sigra/remix'
import { words as accounts } from './accounts/words.ts'
import { words as organizations } from './organizations/words.ts'
import { words as passkeys } from './passkeys/words.ts'
import { words as projects } from './projects/words.ts'

/** Everything one page can leave for the next to say: the key travels, sealed, and what is said is found here. */
export const flashes = {
  ...accounts.flashes,
  ...passkeys.flashes,
  ...organizations.flashes,
  ...projects.flashes,
}

export type Flash = FlashOf<typeof flashes>
