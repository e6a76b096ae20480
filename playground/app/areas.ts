import type { Area } from '@sigra/remix'
import { passkeys } from './passkeys/passkeys.config.ts'

/** What this app has beside accounts. Node reads it too: relative imports with `.ts`, no JSX. */
const all: Record<string, Area> = {
  passkeys,
}

/** As a list: `areas` of createSigra. */
export const areas = Object.values(all)
