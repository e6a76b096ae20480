import type { Area } from '@sigra/remix'
import { passkeys } from './passkeys/passkeys.config.ts'

/** What this app has beside accounts. Node reads it too: relative imports with `.ts`, no JSX. */
export const areas: readonly Area[] = [passkeys]
